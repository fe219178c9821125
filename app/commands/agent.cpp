#include <unistd.h>

#include <filesystem>
#include <optional>

#include "app/agent/client/access.hpp"
#include "app/agent/log.hpp"
#include "app/agent/pki/authority.hpp"
#include "app/agent/serve.hpp"
#include "app/commands/commands.hpp"
#include "app/failure.hpp"
#include "app/output.hpp"
#include "app/report/json_text.hpp"
#include "netcheck/base/address.hpp"

#include <boost/json.hpp>

namespace pgpassage::app {
namespace {

namespace json = boost::json;
using agent::Account;
using agent::Issued;
using Action = AgentOptions::Action;

std::string directory_of(const AgentOptions& options) {
  if (options.directory.empty()) return agent::configuration_directory();
  return std::filesystem::absolute(options.directory).lexically_normal().string();  // the printed lines are copied
}

/// Where nothing is said: by what this machine itself is reached.
std::vector<std::string> hosts_of(const AgentOptions& options) {
  if (!options.hosts.empty()) return options.hosts;
  std::vector<std::string> hosts{"localhost", "127.0.0.1", "::1"};
  char name[256] = "";
  if (gethostname(name, sizeof name - 1) == 0 && name[0] != '\0') hosts.emplace_back(name);
  return hosts;
}

std::string listen_address(const std::vector<std::string>& hosts) {
  for (const std::string& host : hosts)
    if (IpAddress::parse(host)) return host.find(':') == host.npos ? host : "[" + host + "]";
  return "0.0.0.0";
}

/// Who is to run the agent: absent, whoever makes the certificates.
Result<std::optional<Account>> owner_of(const AgentOptions& options) {
  if (options.owner.empty()) {
    const auto of_the_unit = agent::account_named("pgpassage");
    return geteuid() == 0 && of_the_unit ? std::optional{*of_the_unit} : std::nullopt;
  }
  return agent::account_named(options.owner).map([](Account account) { return std::optional{std::move(account)}; });
}

std::string how_to_go_on(const std::string& directory, const std::vector<std::string>& hosts,
                         const std::optional<Account>& owner) {
  const std::string given =
      owner ? fmt::format("The user {} may run the agent: its key is given to it.\n", owner->name) : "";
  return given + fmt::format(
                     "Certificates are in {0}. ca.key is for issuing and revoking: an agent does not need it.\n\n"
                     "On the machine of the agent:\n"
                     "pgpassage agent --listen {1}:7443 --tls-cert {0}/server.crt --tls-key {0}/server.key --client-ca "
                     "{0}/ca.crt "
                     "--client-crl {0}/revoked.pem\n"
                     "At the operator's terminal:\n"
                     "export PGPASSAGE_AGENT=https://{2}:7443 PGPASSAGE_AGENT_CERT={0}/client.crt "
                     "PGPASSAGE_AGENT_KEY={0}/client.key "
                     "PGPASSAGE_AGENT_CA={0}/ca.crt\n",
                     directory, listen_address(hosts), hosts.front());
}

int init(const CommonOptions& common, const AgentOptions& options, const std::string& directory) {
  const auto hosts = hosts_of(options);
  const auto owner = owner_of(options);
  if (!owner) return tell(common, owner.error());
  if (const auto made = agent::make_authority(directory, hosts); !made) return tell(common, made.error());
  if (*owner)
    if (const auto given = agent::give_to(directory, **owner); !given) return tell(common, given.error());
  const json::object document{{"schemaVersion", 1}, {"directory", json_string(directory)}};
  return finish(common, common.format == Format::json ? json_text(document) : how_to_go_on(directory, hosts, *owner),
                ExitCode::success);
}

int tell_certificates(const CommonOptions& common, const Result<std::vector<Issued>>& certificates,
                      std::string_view what_happened) {
  if (!certificates) return tell(common, certificates.error());
  std::string text;
  json::array array;
  for (const Issued& one : *certificates) {
    text += fmt::format("{} {} serial {}\n", one.name, what_happened, one.serial);
    array.push_back(json::object{{"name", json_string(one.name)}, {"serial", json_string(one.serial)}});
  }
  const json::object document{{"schemaVersion", 1}, {"certificates", array}};
  return finish(common, common.format == Format::json ? json_text(document) : text, ExitCode::success);
}

int serve(const CommonOptions& common, const AgentOptions& options) {
  if (common.log_level.empty() && !common.quiet) agent::log().set_level(spdlog::level::info);
  if (const auto served = agent::serve(options); !served) return tell(common, served.error());
  return static_cast<int>(ExitCode::success);
}

}  // namespace

int run(const CommonOptions& common, const AgentOptions& options) {
  if (options.action == Action::serve) return serve(common, options);
  const std::string directory = directory_of(options);
  if (directory.empty())
    return tell(common,
                Error{Errc::input, "there is no directory for certificates: HOME is not set", {}, "give --directory"});
  const auto many = [](const Issued& one) { return std::vector<Issued>{one}; };
  switch (options.action) {
    case Action::init: return init(common, options, directory);
    case Action::issue: return tell_certificates(common, agent::issue_client(directory, options.name).map(many), "has");
    case Action::renew: return tell_certificates(common, agent::renew_certificates(directory, options.hosts), "has");
    default:
      return tell_certificates(common, agent::revoke_certificates(directory, options.name), "no longer gets in with");
  }
}

}  // namespace pgpassage::app
