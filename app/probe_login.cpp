#include "app/probe_login.hpp"

#include <algorithm>

#include "app/agent/client/passfile.hpp"
#include "app/server_address.hpp"
#include "migrate/probe/probe_session.hpp"

namespace pgpassage::app {
namespace {

namespace asio = boost::asio;
using netcheck::ConnectionParameters;
using netcheck::Observation;
using netcheck::Observed;

migrate::SessionProbe session_of(const ConnectionParameters& known, const ProbeLogin& login, const Observation& seen) {
  migrate::ServerAddress server{.host = known.host, .address = seen.address, .port = seen.port};
  server.user = known.user.empty() ? login.user : known.user;
  if (known.ssl_mode) server.ssl_mode = to_string(*known.ssl_mode);
  server.password = login.password;
  server.in_topology = true;
  return {.server = std::move(server),
          .database = known.database.empty() ? "postgres" : known.database,
          .throughput = login.throughput};
}

bool may_log_in(const Observation& seen) {
  const netcheck::ProbeStep* weak = netcheck::weak_step(seen.steps);
  return seen.observed == Observed::connected && (weak == nullptr || weak->outcome == netcheck::StepOutcome::poor);
}

/// The probe that connected; null when none did.
Observation* connected_in(scenarios::Answers& answers, const std::string& name, Port port) {
  const auto answered = answers.find(name);
  if (answered == answers.end()) return nullptr;
  const auto probes = answered->second.probes.find(port);
  if (probes == answered->second.probes.end()) return nullptr;
  const auto found = std::ranges::find_if(probes->second, may_log_in);
  return found == probes->second.end() ? nullptr : &*found;
}

ConnectionParameters known_of(const scenarios::Questions& questions, const std::string& name, Port port) {
  const auto question = questions.find(name);
  if (question == questions.end()) return {};
  const auto known = question->second.find(port);
  return known == question->second.end() ? ConnectionParameters{} : known->second;
}

}  // namespace

Result<ProbeLogins> logins_for(const Topology& topology, const scenarios::Assessment& assessment, bool throughput) {
  ProbeLogins logins;
  for (const scenarios::FlowAssessment& flow : assessment.flows) {
    const Server* server = find_server(topology, flow.to);
    if (server == nullptr || logins.contains({dns::name_of(*server), flow.port})) continue;
    auto found = agent::login_for(server_of(*server));
    if (!found) return tl::unexpected(std::move(found.error()));
    logins[{dns::name_of(*server), flow.port}] = {std::move(found->user), std::move(found->password), throughput};
  }
  return logins;
}

asio::awaitable<scenarios::Answers> ask_and_log_in(scenarios::Questions questions, ProbeLogins logins,
                                                   Deadline deadline, scenarios::Heard heard) {
  const auto now = Deadline::clock::now();
  const Deadline for_probes = logins.empty() ? deadline : now + (deadline - now) / 2;
  std::vector<std::string> own_servers;
  scenarios::Answers answers = co_await scenarios::ask(questions, std::move(own_servers), for_probes, std::move(heard));
  for (const auto& [where, login] : logins) {
    Observation* seen = connected_in(answers, where.first, where.second);
    if (seen == nullptr) continue;
    auto session = session_of(known_of(questions, where.first, where.second), login, *seen);
    auto steps = co_await migrate::probe_session(std::move(session), deadline);
    std::ranges::move(steps, std::back_inserter(seen->steps));
  }
  co_return answers;
}

}  // namespace pgpassage::app
