#include <boost/json.hpp>

#include "app/agent/api/answers.hpp"
#include "app/agent/api/errors.hpp"
#include "app/agent/api/requests.hpp"
#include "app/agent/api/service.hpp"
#include "app/agent/log.hpp"
#include "app/report/check_json.hpp"
#include "app/report/json_text.hpp"
#include "app/server_lookup.hpp"
#include "app/starting_place.hpp"
#include "netcheck/topology/reader.hpp"
#include "scenarios/observe/observe.hpp"

/// The two requests that carry an operator's questions and orders.
namespace pgpassage::app::agent {
namespace {

namespace json = boost::json;
constexpr std::size_t most_key_bytes = 128;

HttpResponse refusal(const std::vector<Diagnostic>& diagnostics, const std::string& file) {
  json::array errors;
  for (const Diagnostic& diagnostic : diagnostics) {
    json::object error{{"code", "input"},
                       {"message", json_string(diagnostic.message)},
                       {"file", json_string(file)},
                       {"line", diagnostic.location.line},
                       {"column", diagnostic.location.column}};
    if (!diagnostic.suggestion.empty()) error["cure"] = json_string(diagnostic.suggestion);
    errors.push_back(error);
  }
  return {.status = 400, .body = json::serialize(json::object{{"errors", errors}})};
}

HttpResponse refusal(const scenarios::Assessment& assessment, const TopologyFile& file) {
  const json::object error{
      {"code", "unsupported"},
      {"message", fmt::format("the crossing is {}: nothing was migrated", scenarios::to_string(assessment.verdict))},
      {"cure", "mend what is listed, then run it again"}};
  const Subject subject = subject_of(file.topology, file.path, file.sha256, false);
  return {.status = 422,
          .body = json::serialize(json::object{{"errors", json::array{error}},
                                               {"verdict", scenarios::to_string(assessment.verdict)},
                                               {"assessment", json::parse(render_json(assessment, subject))}})};
}

/// A password comes from the operator or from this machine's libpq. A file or variable that the topology names is the
/// operator's: whoever writes a topology must not choose what is read here.
void log_in_as(migrate::ServerAddress& server, migrate::Endpoint& shown, const Login& login) {
  server.password_file.clear();
  server.password_env.clear();
  server.password = login.password;
  if (server.user.empty()) shown.user = server.user = login.user;
}

/// What says that this machine is at the place; Errc::unsupported when it is not, with what speaks against it. Judged
/// as it would be for the topology from which the place comes.
Result<std::string> standing_at(const ProbeRequest& request) {
  Topology around;
  around.hosts.push_back({.name = request.place, .subnet = request.subnet, .ip_address = request.address});
  if (!request.subnet.empty()) {
    around.virtual_networks.push_back(
        {.name = "network", .subnets = {{.name = request.subnet, .prefixes = request.prefixes}}});
    around.hosts.back().virtual_network = "network";
  }
  const scenarios::Places places = scenarios::places_here(around);
  const auto evidence = places.evidence.find(request.place);
  const bool known = evidence != places.evidence.end();
  if (!places.here.empty()) return known ? evidence->second : std::string{};
  return fail_with_cure(Errc::unsupported, "correct agent: or ipAddress: in the topology file",
                        "this agent is not at {} ({}){}{}", request.place, request.address.to_string(),
                        known ? ": " : "", known ? evidence->second : "");
}

}  // namespace

asio::awaitable<Reply> Service::probe(Call call) {
  auto request = probe_request_of(call.request.body);
  if (!request) co_return agent::refusal(request.error());
  auto evidence = standing_at(*request);
  if (!evidence) co_return agent::refusal(evidence.error());
  PlacedAnswers placed{request->place, std::move(*evidence), {}};
  placed.answers = co_await ask_and_log_in(std::move(request->questions), std::move(request->logins),
                                           deadline_in(request->time_limit));
  co_return HttpResponse{.body = to_json(placed)};
}

asio::awaitable<Reply> Service::start(Call call) {
  std::string key = call.request.idempotency_key.substr(0, most_key_bytes);
  if (!key.empty()) key = call.caller.name + " " + key;  // another client's key says nothing about this order
  const Orders::Work work = [this, &call] { return start_once(std::move(call)); };
  co_return co_await orders_.once(std::move(key), work);
}

asio::awaitable<HttpResponse> Service::start_once(Call call) {
  if (draining_) co_return agent::refusal(503, "unsupported", "the agent is about to stop and starts nothing new");
  auto request = start_request_of(call.request.body);
  if (!request) co_return agent::refusal(request.error());
  const std::string path = request->options.file.empty() ? "topology" : request->options.file;
  auto topology = read_topology(request->topology, "migrate");
  if (!topology) co_return refusal(topology.error(), path);
  const TopologyFile file{path, sha256_of(request->topology), {}, std::move(*topology)};
  auto planned = plan_crossing(file, request->options);
  if (!planned) {
    if (const auto* error = std::get_if<Error>(&planned.error())) co_return agent::refusal(*error);
    co_return refusal(std::get<scenarios::Assessment>(planned.error()), file);
  }
  auto& [record, engine] = planned->crossing;
  if (const auto here = require_place(file.topology, record); !here) co_return agent::refusal(here.error());
  log_in_as(engine.source, record.source, request->source);
  log_in_as(engine.target, record.target, request->target);
  auto with_addresses = co_await app::with_addresses(std::move(engine));
  if (!with_addresses) co_return agent::refusal(with_addresses.error());
  engine = std::move(*with_addresses);
  const auto id = runner_.start(std::move(planned->crossing), call.caller.name);
  if (!id) co_return agent::refusal(id.error());
  co_return shown(*id, 201);
}

}  // namespace pgpassage::app::agent
