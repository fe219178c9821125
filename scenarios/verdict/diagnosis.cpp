#include "scenarios/verdict/diagnosis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace pgpassage::scenarios {
namespace {

using netcheck::Observed;
using netcheck::Predicted;
using netcheck::ProbeStep;
using netcheck::StepKind;

struct Likely {
  std::string_view cause;
  std::string_view layer;
  std::string_view reason;
  std::string_view command;  ///< {name}, {address}, {port} are filled in
};

constexpr std::string_view dig = "dig {name} A; dig +tcp {name} A";
constexpr std::string_view zone_links = "az network private-dns link vnet list --zone-name ZONE --resource-group GROUP";
constexpr std::string_view sclient =
    "openssl s_client -starttls postgres -connect {address}:{port} -servername {name} -showcerts";
constexpr std::string_view hba = "psql 'host={name} hostaddr={address} port={port}'";
constexpr std::string_view big_ping = "ping -c 3 -M do -s 1372 {address}; tracepath -n {address}";

constexpr std::array table{
    Likely{
        "public-address", "dns",
        "a public answer where a private one is due: the private zone is not linked to the network whose resolver was "
        "asked, or has no record of the name",
        zone_links},
    Likely{"stale-record", "dns", "a record of the zone has an address that nothing has any more", dig},
    Likely{"other-endpoint", "dns", "the name leads to another machine or endpoint of the file", dig},
    Likely{"wrong-address", "dns", "the resolver gives another address than the file's records", dig},
    Likely{"name-not-found", "dns",
           "a server that is authoritative for the zone has no such name: the record is missing, or the zone is linked "
           "and "
           "empty",
           dig},
    Likely{"no-address", "dns", "the name exists and has no address", dig},
    Likely{
        "dns-server-failure", "dns",
        "the resolver could not get an answer from where it forwards to: a forwarder that is down, wrong or filtered",
        dig},
    Likely{"dns-refused", "dns", "the resolver does not answer questions of this place", dig},
    Likely{"dns-timeout", "dns",
           "no name server answered over UDP or TCP port 53: it is down, or a filter drops the questions", dig},
    Likely{"dns-unreachable", "dns", "nothing listens on port 53 of the name server, or there is no way to it", dig},
    Likely{"dns-malformed", "dns", "the name server's answer cannot be read", dig},
    Likely{"slow-dns", "dns", "the name server takes long to answer, or its forwarder does", dig},
    Likely{"lame-server", "dns", "a name server that is asked first does not know, and each lookup waits for it", dig},
    Likely{"dns-udp-blocked", "dns", "a filter lets TCP port 53 pass and drops UDP port 53", dig},
    Likely{"no-route", "routing", "a router on the way, or this machine, has no route to it", "ip route get {address}"},
    Likely{"route-forbidden", "routing", "a route or a packet filter of this machine forbids it",
           "ip route get {address}"},
    Likely{"no-address-of-family", "routing", "this machine has no address of that family", "ip address"},
    Likely{"unreachable", "routing",
           "a router or a firewall that rejects says that there is no way, or nobody has the address",
           "traceroute -n -T -p {port} {address}"},
    Likely{
        "timed-out", "path",
        "nobody answered and nobody refused: a filter drops the request or the reply, which the file does not show, or "
        "the far side has no route back",
        "traceroute -n -T -p {port} {address}"},
    Likely{
        "mtu-black-hole", "pathMtu",
        "packets of full size are lost and nobody says so: a tunnel on the way with a smaller MTU, and a filter that "
        "drops ICMP",
        big_ping},
    Likely{"packet-loss", "path", "packets are lost on the way: a full or faulty link",
           "mtr -n -T -P {port} -c 50 -r {address}"},
    Likely{"high-latency", "path", "the way is long: every statement waits for it",
           "mtr -n -T -P {port} -c 50 -r {address}"},
    Likely{"refused", "listener",
           "the host answers, and nothing listens on the port; or a firewall rejects with a reset",
           "ss -ltn 'sport = :{port}'"},
    Likely{"reset", "listener",
           "something accepted the connection and reset it: a proxy or firewall without its server",
           "nc -vz {address} {port}"},
    Likely{"closed", "listener",
           "something accepted the connection and closed it: a proxy or balancer without its server",
           "nc -vz {address} {port}"},
    Likely{"silent", "listener",
           "something accepts connections and says nothing: a hung server, or a proxy without one",
           "pg_isready -h {address} -p {port}"},
    Likely{"not-postgres", "listener", "another service listens on the port", "curl -v http://{address}:{port}/"},
    Likely{"tls-refused", "tls", "the server's TLS is switched off", sclient},
    Likely{"tls-handshake-failed", "tls", "client and server agree on no version, cipher or key", sclient},
    Likely{"tls-silent", "tls",
           "the server offers TLS and does not go on: a hung server, or a middlebox in the handshake", sclient},
    Likely{"certificate-expired", "tls", "the server's certificate has expired", sclient},
    Likely{"certificate-not-yet-valid", "tls", "the server's certificate is not valid yet, or a clock is wrong",
           sclient},
    Likely{"certificate-host-name", "tls", "the certificate is for another name than the one connected to", sclient},
    Likely{"certificate-untrusted", "tls", "the certificate's CA is not among those that libpq trusts here", sclient},
    Likely{"root-certificate-missing", "tls", "no CA certificates are installed for libpq at this place", sclient},
    Likely{"pg-hba", "access", "pg_hba.conf has no line that admits this address, user and database", hba},
    Likely{"role-refused", "access", "the role does not exist or may not log in", hba},
    Likely{"database-missing", "access", "the database does not exist", hba},
    Likely{"database-forbidden", "access", "the role may not connect to the database", hba},
    Likely{"too-many-connections", "access", "every session that the server, database or role may have is taken", hba},
    Likely{"starting-up", "access", "the server is starting, stopping or recovering",
           "pg_isready -h {address} -p {port}"},
    Likely{"startup-refused", "access", "the server does not let the session begin", hba},
    Likely{"startup-closed", "access", "the server, or a pooler before it, closes the connection", hba},
    Likely{"startup-silent", "access", "the server does not answer the startup message: it is hung or overloaded", hba},
    Likely{"wrong-password", "login", "the password is not the role's", hba},
    Likely{"password-missing", "login", "the server asks for a password, and none was found here", hba},
    Likely{"login-failed", "login", "the session could not be opened", hba},
    Likely{"slow-path", "path", "the path carries little", "mtr -n -T -P {port} -c 50 -r {address}"},
};

const Likely* likely(std::string_view cause) {
  const auto found = std::ranges::find(table, cause, &Likely::cause);
  return found == table.end() ? nullptr : &*found;
}

std::string filled(std::string_view command, const FlowAssessment& flow) {
  const netcheck::Observation& seen = flow.observation;
  const std::string address = seen.address ? seen.address->to_string() : "ADDRESS";
  const std::string name = flow.answer.chain.empty() ? address : flow.answer.chain.front();
  return fmt::format(fmt::runtime(command), fmt::arg("name", name), fmt::arg("address", address),
                     fmt::arg("port", flow.port));
}

/// A reachable server whose flow the paper denies: the paper is wrong.
Diagnosis file_is_wrong(const FlowAssessment& flow) {
  return {
      "file", "contradicts-paper",
      fmt::format("the file says that the flow is denied, and it connected from {}: the file is out of date or does "
                  "not describe the way that packets take",
                  flow.observation.from.empty() ? flow.from : flow.observation.from),
      filled("traceroute -n -T -p {port} {address}", flow)};
}

}  // namespace

std::string_view layer_of(const ProbeStep& step) {
  const Likely* found = likely(step.cause);
  return found == nullptr ? std::string_view{"path"} : found->layer;
}

std::optional<Diagnosis> diagnosis_of(const FlowAssessment& flow) {
  if (flow.observation.observed == Observed::not_probed) return std::nullopt;
  if (const ProbeStep* weak = netcheck::weak_step(flow.observation.steps)) {
    const Likely* found = likely(weak->cause);
    if (found == nullptr) return Diagnosis{std::string{layer_of(*weak)}, weak->cause, weak->evidence, {}};
    return Diagnosis{std::string{found->layer}, weak->cause, std::string{found->reason}, filled(found->command, flow)};
  }
  // A host's own flow, or the role's made by itself: what a stand-in saw says nothing about the role's own filters.
  const bool by_itself = flow.observation.from.starts_with(flow.from);
  if (flow.observation.observed == Observed::connected && flow.trace.predicted == Predicted::denied && by_itself)
    return file_is_wrong(flow);
  return std::nullopt;
}

}  // namespace pgpassage::scenarios
