#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <memory>
#include <optional>

#include "tests/app/program.hpp"

/// Every fault that the program must tell apart, made in a raised network and asked about from the host of the
/// crossing.
namespace pgpassage::app {
namespace {

namespace json = boost::json;

/// A server's settings and access rules read again, and waited for: a session begun afterwards goes by them.
constexpr const char* reload_script = R"sh(set -e
ask() { psql -X -h 127.0.0.1 -U postgres -d postgres -Atqc "$1"; }
before=$(ask "SELECT extract(epoch FROM clock_timestamp())")
ask "SELECT pg_reload_conf()" >/dev/null
until [ "$(ask "SELECT extract(epoch FROM pg_conf_load_time()) >= $before")" = t ]; do :; done
)sh";

/// A CA, and two certificates by it: one that has expired, one for another name.
constexpr const char* certificate_script = R"sh(set -e
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=lab-ca -days 2 -keyout ca.key -out ca.crt
make() {
  openssl req -newkey rsa:2048 -nodes -subj /CN=$2 -keyout $1.key -out $1.csr
  echo "subjectAltName=DNS:$2" >$1.ext
  openssl x509 -req -in $1.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days $3 -extfile $1.ext -out $1.crt
}
make expired orders-target.postgres.database.azure.com -1
make other other.postgres.database.azure.com 2
)sh";

/// One network for all cases: each mends what it broke.
class Faults : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    work = std::make_unique<Workplace>();
    work->run("cp '" PGPASSAGE_SOURCE_DIR "/topology-examples/demo-s11.yaml' .");
    const auto up = lab("up demo-s11.yaml");
    raised = up.exit_code == 0;
    why_not = up.output + up.error;
    for (const char* server : {"orders-source", "orders-target"})
      at(server, "psql -X -h 127.0.0.1 -U postgres -d postgres -c \"CREATE DATABASE orders OWNER migrator\"");
    work->write("reload.sh", reload_script);
    work->write("certificate.sh", certificate_script);
    work->run("sh certificate.sh");
  }
  static void TearDownTestSuite() {
    lab("down");
    work.reset();
  }
  void SetUp() override {
    if (raised) return;
    if (why_not.find("cannot make namespaces") != why_not.npos || why_not.find("the lab needs") != why_not.npos)
      GTEST_SKIP() << why_not;
    FAIL() << why_not;
  }

  static ProgramResult lab(const std::string& rest) {
    const std::string verb = rest.substr(0, rest.find(' '));
    return work->run(std::string{PGPASSAGE_LAB} + " " + verb + " --state lab" + rest.substr(verb.size()));
  }
  static ProgramResult at(const std::string& node, const std::string& command) {
    return lab("exec " + node + " -- sh -c '" + command + "'");
  }
  /// On a node, or of the raised network as a whole.
  static ProgramResult change(const std::string& node, const std::string& command) {
    return node == everywhere ? work->run(command) : at(node, command);
  }
  static constexpr const char* everywhere = "the lab";

  static inline std::unique_ptr<Workplace> work;
  static inline bool raised = false;
  static inline std::string why_not;
};

/// What one flow's JSON says.
struct Seen {
  std::string observed, layer, cause;
};

std::string text_at(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string{value->get_string().c_str()} : std::string{};
}

std::optional<Seen> flow_in(const std::string& output, const std::string& id) {
  json::error_code error;
  const json::value result = json::parse(output, error);
  if (error) return std::nullopt;
  for (const json::value& value : result.at("flows").as_array()) {
    const json::object& flow = value.get_object();
    if (text_at(flow, "id") != id) continue;
    const json::value* diagnosis = flow.if_contains("diagnosis");
    const json::object none;
    const json::object& found = diagnosis == nullptr ? none : diagnosis->as_object();
    return Seen{text_at(flow, "observed"), text_at(found, "layer"), text_at(found, "cause")};
  }
  return std::nullopt;
}

struct Fault {
  const char* name;
  const char* flow;     ///< "host->source"
  const char* node;     ///< where it is made
  std::string make;     ///< what breaks it, a shell command
  std::string mend;     ///< what mends it
  std::string file;     ///< a sed expression: what the probe is told differs from what was raised
  const char* options;  ///< of probe
  Seen expected;
};
void PrintTo(const Fault& each, std::ostream* out) { *out << each.name; }

class OfEachKind : public Faults, public testing::WithParamInterface<Fault> {};

std::string rule(const std::string& chain, const std::string& text) {
  return "nft \"add table ip fault; add chain ip fault c { type " + chain + "; }; add rule ip fault c " + text + "\"";
}
const std::string input = "filter hook input priority -10", output = "filter hook output priority -10";
const std::string redirect = "nat hook prerouting priority -100";
const std::string no_password = "/passwordEnv/d";  // nobody asks for one
const std::string no_rule = "nft delete table ip fault";
const std::string impostors = std::string{PGPASSAGE_IMPOSTOR};

/// An impostor behind the port, or in the resolver's place; awaited by the word that it says.
std::string impostor(const std::string& kind, const std::string& address, const std::string& port) {
  return impostors + " " + kind + " " + address + " " + port +
         " >impostor.log 2>&1 & echo $! >impostor.pid; until grep -q ready impostor.log; do :; done";
}
const std::string no_impostor = "kill $(cat impostor.pid); rm -f impostor.log";

TEST_P(OfEachKind, IsBlamedOnItsLayer) {
  const Fault& fault = GetParam();
  work->run("sed '" + (fault.file.empty() ? "p;d" : fault.file) + "' demo-s11.yaml >asked.yaml");
  const auto made = change(fault.node, fault.make);
  EXPECT_EQ(made.exit_code, 0) << made.output << made.error;
  const auto probed =
      at("vm-crossing", std::string{"[ ! -f resolv.conf ] || mount --bind resolv.conf /etc/resolv.conf; "
                                    "[ ! -f use-ca ] || export PGSSLROOTCERT=$PWD/ca.crt; export PGPASSWORD=wrong; "} +
                            "exec pgpassage probe asked.yaml --from vm-crossing --format json " + fault.options);
  const auto mended = change(fault.node, fault.mend);
  EXPECT_EQ(mended.exit_code, 0) << mended.output << mended.error;
  const auto seen = flow_in(probed.output, fault.flow);
  ASSERT_TRUE(seen) << probed.output << probed.error;
  EXPECT_EQ(seen->observed, fault.expected.observed) << probed.output;
  EXPECT_EQ(seen->layer, fault.expected.layer) << probed.output;
  EXPECT_EQ(seen->cause, fault.expected.cause) << probed.output;
}

std::string name_of(const testing::TestParamInfo<Fault>& each) { return each.param.name; }

INSTANTIATE_TEST_SUITE_P(
    OnTheWay, OfEachKind,
    testing::Values(Fault{"None", "host->source", "orders-source", "true", "true", "", "", {"connected", "", ""}},
                    Fault{"Drop",
                          "host->source",
                          "orders-source",
                          rule(input, "tcp dport 5432 drop"),
                          no_rule,
                          "",
                          "--time-limit 2",
                          {"timedOut", "path", "timed-out"}},
                    Fault{"Reject",
                          "host->source",
                          "orders-source",
                          rule(input, "tcp dport 5432 reject with icmp admin-prohibited"),
                          no_rule,
                          "",
                          "",
                          {"unreachable", "routing", "unreachable"}},
                    Fault{"ResetAfterAccept",
                          "host->source",
                          "orders-source",
                          rule(input, "tcp dport 5432 tcp flags & psh == psh reject with tcp reset"),
                          no_rule,
                          "",
                          "",
                          {"notPostgres", "listener", "reset"}},
                    Fault{"OneWayFilter",
                          "host->source",
                          "orders-source",
                          rule(output, "tcp sport 5432 drop"),
                          no_rule,
                          "",
                          "--time-limit 2",
                          {"timedOut", "path", "timed-out"}},
                    Fault{"MissingReturnRoute",
                          "host->source",
                          "orders-source",
                          "ip route add blackhole 10.20.0.0/16",
                          "ip route del blackhole 10.20.0.0/16",
                          "",
                          "--time-limit 2",
                          {"timedOut", "path", "timed-out"}},
                    Fault{"MtuBlackHole",
                          "host->source",
                          "orders-source",
                          rule(input, "tcp dport 5432 meta length gt 1300 drop"),
                          no_rule,
                          no_password,
                          "--login --time-limit 6",
                          {"connected", "pathMtu", "mtu-black-hole"}},
                    Fault{"FivePercentLoss",
                          "host->source",
                          "vm-crossing",
                          rule(input, "tcp sport 5432 numgen random mod 100 lt 5 drop"),
                          no_rule,
                          no_password,
                          "--throughput --time-limit 40",
                          {"connected", "path", "packet-loss"}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(OnThePort, OfEachKind,
                         testing::Values(Fault{"Http",
                                               "host->source",
                                               "orders-source",
                                               impostor("http", "0.0.0.0", "5999") + "; " +
                                                   rule(redirect, "tcp dport 5432 redirect to :5999"),
                                               no_rule + "; " + no_impostor,
                                               "",
                                               "",
                                               {"notPostgres", "listener", "not-postgres"}},
                                         Fault{"Silent",
                                               "host->source",
                                               "orders-source",
                                               impostor("silent", "0.0.0.0", "5999") + "; " +
                                                   rule(redirect, "tcp dport 5432 redirect to :5999"),
                                               no_rule + "; " + no_impostor,
                                               "",
                                               "--time-limit 2",
                                               {"timedOut", "listener", "silent"}},
                                         Fault{"StartingUp",
                                               "host->source",
                                               "orders-source",
                                               impostor("starting-up", "0.0.0.0", "5999") + "; " +
                                                   rule(redirect, "tcp dport 5432 redirect to :5999"),
                                               no_rule + "; " + no_impostor,
                                               "",
                                               "",
                                               {"connected", "access", "starting-up"}},
                                         Fault{"TlsRefused",
                                               "host->source",
                                               "orders-source",
                                               "true",
                                               "true",
                                               "s/sslMode: prefer/sslMode: require/",
                                               "",
                                               {"tlsFailed", "tls", "tls-refused"}}),
                         name_of);

const std::string rules = "lab/pg/hba.trust";
const std::string other_rules = "cp " + rules + " hba.before; ";
const std::string same_rules = "cat hba.before >" + rules + "; sh reload.sh";
const std::string sql = "psql -X -h 127.0.0.1 -U postgres -d postgres -qc ";

INSTANTIATE_TEST_SUITE_P(
    AtTheServer, OfEachKind,
    testing::Values(
        Fault{"PgHbaReject",
              "host->source",
              "orders-source",
              other_rules + "echo host all all 10.20.2.4/32 reject | cat - hba.before >" + rules + "; sh reload.sh",
              same_rules,
              "",
              "",
              {"connected", "access", "pg-hba"}},
        Fault{"WrongPassword",
              "host->source",
              "orders-source",
              other_rules + "echo host all migrator all scram-sha-256 | cat - hba.before >" + rules + "; sh reload.sh",
              same_rules,
              no_password,
              "--login",
              {"connected", "login", "wrong-password"}},
        Fault{"UnknownDatabase",
              "host->source",
              "orders-source",
              "true",
              "true",
              "s/databases: .orders, billing./databases: [nowhere]/",
              "",
              {"connected", "access", "database-missing"}},
        Fault{"TooManyConnections",
              "host->source",
              "orders-source",
              sql + "\"ALTER ROLE migrator CONNECTION LIMIT 0\"",
              sql + "\"ALTER ROLE migrator CONNECTION LIMIT -1\"",
              "",
              "",
              {"connected", "access", "too-many-connections"}}),
    name_of);

std::string shows(const std::string& certificate) {
  const std::string data = "lab/pg/orders-target/";
  return "cp " + certificate + ".crt " + data + "fault.crt && cp " + certificate + ".key " + data +
         "fault.key && chmod 600 " + data + "fault.key && { chown postgres " + data + "fault.* || true; } && " + sql +
         "\"ALTER SYSTEM SET ssl_cert_file TO \\\"fault.crt\\\"\" -c \"ALTER SYSTEM SET ssl_key_file TO "
         "\\\"fault.key\\\"\" "
         "&& sh reload.sh && touch use-ca";
}
const std::string shows_its_own =
    sql + "\"ALTER SYSTEM RESET ssl_cert_file\" -c \"ALTER SYSTEM RESET ssl_key_file\" && sh reload.sh && rm use-ca";
const std::string verify_full = "s/sslMode: require/sslMode: verify-full/";

INSTANTIATE_TEST_SUITE_P(InTls, OfEachKind,
                         testing::Values(Fault{"ExpiredCertificate",
                                               "host->target",
                                               "orders-target",
                                               shows("expired"),
                                               shows_its_own,
                                               verify_full,
                                               "",
                                               {"tlsFailed", "tls", "certificate-expired"}},
                                         Fault{"WrongHostName",
                                               "host->target",
                                               "orders-target",
                                               shows("other"),
                                               shows_its_own,
                                               verify_full,
                                               "",
                                               {"tlsFailed", "tls", "certificate-host-name"}},
                                         Fault{"UnknownCa",
                                               "host->target",
                                               "orders-target",
                                               "touch use-ca",
                                               "rm use-ca",
                                               verify_full,
                                               "",
                                               {"tlsFailed", "tls", "certificate-untrusted"}}),
                         name_of);

std::string raised_with(const std::string& change) {
  return "sed \"" + change + "\" demo-s11.yaml >raised.yaml && " PGPASSAGE_LAB " apply --state lab raised.yaml";
}
const std::string as_before = PGPASSAGE_LAB " apply --state lab demo-s11.yaml";
const std::string ask_impostor = " && echo nameserver 127.0.0.1 >resolv.conf";
const std::string ask_nobody_else = "; rm resolv.conf";

INSTANTIATE_TEST_SUITE_P(
    InNames, OfEachKind,
    testing::Values(
        Fault{"Nxdomain",
              "host->source",
              "the lab",
              raised_with("s/{name: orders, ipv4/{name: lost, ipv4/"),
              as_before,
              "",
              "",
              {"nameNotFound", "dns", "name-not-found"}},
        Fault{"StaleRecord",
              "host->source",
              "the lab",
              raised_with("s/ipv4Addresses: .192.168.10.20./ipv4Addresses: [192.168.10.99]/"),
              as_before,
              "",
              "--time-limit 3",
              {"wrongAddress", "dns", "stale-record"}},
        Fault{"WrongAnswer",
              "host->source",
              "the lab",
              raised_with("s/ipv4Addresses: .192.168.10.20./ipv4Addresses: [10.30.2.4]/"),
              as_before,
              "",
              "--time-limit 3",
              {"wrongAddress", "dns", "other-endpoint"}},
        Fault{"UnlinkedZone",
              "host->target",
              "the lab",
              raised_with("/name: privatelink/,/aRecords/ s/virtualNetwork: vnet-runtime/virtualNetwork: vnet-hub/"),
              as_before,
              "",
              "--time-limit 3",
              {"wrongAddress", "dns", "public-address"}},
        Fault{"Servfail",
              "host->source",
              "vm-crossing",
              impostor("servfail", "127.0.0.1", "53") + ask_impostor,
              no_impostor + ask_nobody_else,
              "",
              "",
              {"nameNotFound", "dns", "dns-server-failure"}},
        Fault{"SlowDns",
              "host->source",
              "vm-crossing",
              impostor("slow", "127.0.0.1", "53") + ask_impostor,
              no_impostor + ask_nobody_else,
              "",
              "",
              {"connected", "dns", "slow-dns"}},
        Fault{"LameForwarder",
              "host->source",
              "vm-crossing",
              impostor("servfail", "127.0.0.1", "53") + ask_impostor + "; echo nameserver 168.63.129.16 >>resolv.conf",
              no_impostor + ask_nobody_else,
              "",
              "",
              {"connected", "dns", "lame-server"}},
        Fault{"DnsOverTcpOnly",
              "host->source",
              "vnet-runtime",
              rule(input, "udp dport 53 drop"),
              no_rule,
              "",
              "",
              {"connected", "dns", "dns-udp-blocked"}}),
    name_of);

TEST_F(Faults, AHealthyPathIsClimbedToItsThroughput) {
  work->run("sed /passwordEnv/d demo-s11.yaml >asked.yaml");
  const auto probed =
      at("vm-crossing", "exec pgpassage probe asked.yaml --from vm-crossing --throughput --time-limit 60");
  EXPECT_EQ(probed.exit_code, 0) << probed.output << probed.error;
  for (const char* words :
       {"PostgreSQL 15", "round trip", "path MTU 1", "MB/s from the server", "TLSv1.3", "168.63.129.16"})
    EXPECT_THAT(probed.output, testing::HasSubstr(words));
  const auto left =
      at("orders-source", sql + "\"SELECT count(*) FROM pg_class WHERE relname ~ \\$\\$probe\\$\\$\" -At");
  EXPECT_EQ(left.output, "0\n") << left.error;
}

TEST_F(Faults, AWatchShowsWhatChangesUntilItIsInterrupted) {
  const auto watched =
      at("vm-crossing",
         "pgpassage probe demo-s11.yaml --from vm-crossing --watch 1 --time-limit 1 --format json "
         ">watch.log 2>watch.error & watch=$!; "
         "until grep -q connected watch.log; do :; done; " +
             rule(output, "tcp dport 5432 drop") + "; until grep -q timed-out watch.log; do :; done; " + no_rule +
             "; until tail -n 1 watch.log | grep -q \"now.:.connected\"; do :; done; "
             "kill $watch; wait $watch");
  EXPECT_EQ(watched.exit_code, 4) << watched.output << watched.error << work->read("watch.log");
}

}  // namespace
}  // namespace pgpassage::app
