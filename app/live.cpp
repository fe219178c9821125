#include "app/live.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <future>

#include "app/agent/api/answers.hpp"
#include "app/agent/api/requests.hpp"
#include "app/agent/client/client.hpp"
#include "app/logging.hpp"
#include "scenarios/observe/observe.hpp"
#include "scenarios/observe/vantage.hpp"

namespace pgpassage::app {
namespace {

namespace asio = boost::asio;
using agent::PlacedAnswers;
using netcheck::Observed;
using scenarios::LiveResults;

constexpr std::chrono::seconds on_the_way{2};

/// A place that is not here and has an agent.
struct Elsewhere {
  std::string name;
  IpAddress address;
  std::string agent;  ///< URL
  std::string subnet;
  std::vector<Cidr> prefixes;
};

template <class Machine>
void add_place(std::vector<Elsewhere>& places, const Topology& topology, const Machine& machine,
               const std::optional<IpAddress>& address) {
  if (machine.agent.empty() || !address) return;
  Elsewhere place{machine.name, *address, machine.agent, machine.subnet, {}};
  if (const Subnet* subnet = find_subnet(topology, machine.virtual_network, machine.subnet))
    place.prefixes = subnet->prefixes;
  places.push_back(std::move(place));
}

std::vector<Elsewhere> places_elsewhere(const Topology& topology, const std::vector<std::string>& here) {
  std::vector<Elsewhere> places;
  for (const Host& host : topology.hosts) add_place(places, topology, host, host.ip_address);
  for (const Server& server : topology.servers) add_place(places, topology, server, server.ip_address);
  std::erase_if(places, [&](const Elsewhere& place) { return std::ranges::find(here, place.name) != here.end(); });
  return places;
}

/// The one place, as the pure judges know places.
scenarios::Places only(const Elsewhere& place) { return {.here = {place.name}, .evidence = {}}; }

/// Of all logins, those that belong to a question.
ProbeLogins logins_among(const ProbeLogins& logins, const scenarios::Questions& questions) {
  ProbeLogins wanted;
  for (const auto& [where, login] : logins)
    if (const auto question = questions.find(where.first);
        question != questions.end() && question->second.contains(where.second))
      wanted[where] = login;
  return wanted;
}

asio::awaitable<Result<PlacedAnswers>> ask_agent(Elsewhere place, scenarios::Questions questions, ProbeLogins logins,
                                                 agent::Credentials credentials, std::chrono::milliseconds time_limit) {
  auto client = agent::Client::open(place.agent, credentials);
  if (!client) co_return tl::unexpected(client.error());
  const agent::ProbeRequest wanted{.place = place.name,
                                   .address = place.address,
                                   .subnet = place.subnet,
                                   .prefixes = place.prefixes,
                                   .questions = std::move(questions),
                                   .logins = std::move(logins),
                                   .time_limit = time_limit};
  agent::HttpRequest request{.method = "POST", .target = "/v1/probe"};
  request.body = to_json(wanted);
  request.keep_alive = false;
  const auto answer = co_await client->ask(std::move(request), deadline_in(time_limit + on_the_way));
  if (!answer) co_return tl::unexpected(answer.error());
  co_return agent::answers_of(answer->body);
}

/// Takes what `more`, asked from `place`, has and `results` have not.
void add_results(LiveResults& results, LiveResults more) {
  for (std::size_t i = 0; i < results.flows.size(); ++i)
    if (results.flows[i].observation.observed == Observed::not_probed &&
        more.flows[i].observation.observed != Observed::not_probed)
      results.flows[i] = std::move(more.flows[i]);
  for (LiveResults::Name& name : more.names) {
    const auto same = [&](const LiveResults::Name& other) {
      return other.name == name.name && other.from == name.from;
    };
    if (std::ranges::none_of(results.names, same)) results.names.push_back(std::move(name));
  }
}

/// Why the flows that start at `place` have no result.
void add_reason(LiveResults& results, const Topology& topology, const scenarios::Assessment& assessment,
                const Elsewhere& place, const Error& why) {
  for (std::size_t i = 0; i < results.flows.size(); ++i) {
    const scenarios::FlowAssessment& flow = assessment.flows[i];
    netcheck::Observation& observation = results.flows[i].observation;
    if (observation.observed == Observed::not_probed &&
        scenarios::vantage_of(topology, {flow.from, flow.stands_for}, only(place))) {
      observation.detail += fmt::format("; the agent of {} gave no answer: {}", place.name, why.message);
      if (!why.cure.empty()) observation.cure += fmt::format(", or for its agent: {}", why.cure);
    }
  }
}

/// What nobody can be shown who is, is not asked at all.
Error no_credentials() {
  return {Errc::input,
          "it would want a certificate or a token",
          {},
          "give --agent-cert and --agent-key, or --agent-token-file"};
}

void log_observations(const scenarios::Assessment& judged) {
  for (const auto& flow : judged.flows)
    log_of("netcheck")
        .debug("flow observed flow={} from={} to={} port={} predicted={} observed={}", flow.id, flow.from, flow.to,
               flow.port, to_string(flow.trace.predicted), to_string(flow.observation.observed));
  for (const auto& name : judged.names)
    if (name.observed)
      log_of("dns").debug("name asked name={} from={} status={}", name.name, name.from,
                          dns::to_string(name.observed->status));
}

}  // namespace

scenarios::Assessment with_live(const Topology& topology, scenarios::Assessment assessment, const AgentAccess& agents,
                                std::chrono::milliseconds time_limit, const ProbeLogins& logins,
                                const scenarios::Heard& heard) {
  const scenarios::Places here = scenarios::places_here(topology);
  const agent::Credentials credentials = agent::credentials_of(agents);
  asio::io_context context;
  auto own_questions = scenarios::questions_of(topology, assessment, here);
  auto own_logins = logins_among(logins, own_questions);
  auto own = asio::co_spawn(
      context, ask_and_log_in(std::move(own_questions), std::move(own_logins), deadline_in(time_limit), heard),
      asio::use_future);
  std::vector<std::pair<Elsewhere, std::future<Result<PlacedAnswers>>>> asked;
  std::vector<Elsewhere> unasked;
  for (Elsewhere& place : places_elsewhere(topology, here.here)) {
    auto questions = scenarios::questions_of(topology, assessment, only(place));
    if (questions.empty()) continue;
    if (place.agent.starts_with("https:") && !credentials.any()) {
      unasked.push_back(std::move(place));
      continue;
    }
    auto wanted = logins_among(logins, questions);
    auto answers = asio::co_spawn(
        context, ask_agent(place, std::move(questions), std::move(wanted), credentials, time_limit), asio::use_future);
    asked.emplace_back(std::move(place), std::move(answers));
  }
  context.run();
  LiveResults results = scenarios::results_of(topology, assessment, here, own.get());
  for (auto& [place, future] : asked) {
    const auto placed = future.get();
    if (!placed) {
      add_reason(results, topology, assessment, place, placed.error());
      continue;
    }
    const std::string evidence = fmt::format("its agent at {} says: {}", place.agent, placed->evidence);
    results.places.push_back({place.name, evidence});
    if (heard)
      for (const auto& [name, answered] : placed->answers) heard(name, answered);
    add_results(results, scenarios::results_of(topology, assessment, only(place), placed->answers));
  }
  for (const Elsewhere& place : unasked) add_reason(results, topology, assessment, place, no_credentials());
  auto judged = scenarios::judge_live(topology, std::move(assessment), results);
  log_observations(judged);
  return judged;
}

}  // namespace pgpassage::app
