#include "scenarios/observe/observe.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/system/system_error.hpp>
#include <map>
#include <optional>
#include <utility>

#include "dns/resolver/resolver.hpp"
#include "netcheck/probe/async.hpp"
#include "netcheck/probe/probe.hpp"
#include "scenarios/observe/judge_flow.hpp"
#include "scenarios/observe/name_step.hpp"
#include "scenarios/observe/vantage.hpp"

namespace pgpassage::scenarios {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using netcheck::Observation;
using netcheck::Observed;

constexpr std::size_t most_names_at_once = 256;  // more would overrun the receive buffer of a name server
constexpr std::size_t most_connections_at_once = 2048;
constexpr std::size_t most_addresses = 16;  // a DNS answer must not turn us into a port scanner

/// A bounded channel as a semaphore: a place in its buffer is the right to have a question under way.
using Slots = asio::experimental::channel<void(error_code)>;

struct Slot {
  explicit Slot(Slots& slots) : slots_{slots} {}
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;
  ~Slot() {
    slots_.try_receive([](auto...) {});
  }

 private:
  Slots& slots_;
};

bool aborted(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const boost::system::system_error& why) {
    return why.code() == asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

/// Runs them all at once and returns their values in order. As soon as `enough(value)`, the others are canceled and
/// leave a T{}. What one throws is thrown here, after all have ended.
template <class T, class Enough>
asio::awaitable<std::vector<T>> all_at_once(std::vector<asio::awaitable<T>> coroutines, Enough enough) {
  if (coroutines.empty()) co_return std::vector<T>{};
  const auto executor = co_await asio::this_coro::executor;
  std::vector<decltype(asio::co_spawn(executor, std::move(coroutines.front()), asio::deferred))> operations;
  for (auto& coroutine : coroutines)
    operations.push_back(asio::co_spawn(executor, std::move(coroutine), asio::deferred));
  const auto condition = [enough](const std::exception_ptr& error, const T& value) {
    return !error && enough(value) ? asio::cancellation_type::all : asio::cancellation_type::none;
  };
  auto group = asio::experimental::make_parallel_group(std::move(operations));
  auto [order, errors, values] = co_await group.async_wait(condition, asio::use_awaitable);
  for (const std::exception_ptr& error : errors)
    if (error && !aborted(error)) std::rethrow_exception(error);
  co_return std::move(values);
}

/// Of the files that this process may open, a share that leaves the rest of the program enough.
std::size_t within_limit_of_files(std::size_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  return std::clamp<std::size_t>(limit.rlim_cur / 4, 16, wanted);
}

/// How much may be under way.
struct Turns {
  explicit Turns(const asio::any_io_executor& executor)
      : names{executor, within_limit_of_files(most_names_at_once)},
        connections{executor, within_limit_of_files(most_connections_at_once)} {}
  Slots names, connections;
};

asio::awaitable<Observation> probe_in_turn(Slots& slots, IpAddress address, Port port,
                                           netcheck::ConnectionParameters wanted, Deadline deadline) {
  co_await slots.async_send(error_code{}, asio::use_awaitable);
  const Slot slot{slots};
  co_return co_await netcheck::probe_postgres(address, port, deadline, std::move(wanted));
}

/// A name may take half of the time, so that a slow DNS server does not pass for a slow network.
Deadline half_way(Deadline deadline) {
  const auto now = Deadline::clock::now();
  return now + (deadline - now) / 2;
}

asio::awaitable<std::optional<dns::Lookup>> lookup_in_turn(Slots& slots, std::string name,
                                                           std::vector<std::string> servers, Deadline deadline) {
  co_await slots.async_send(error_code{}, asio::use_awaitable);
  const Slot slot{slots};
  if (Deadline::clock::now() >= deadline) co_return std::nullopt;
  co_return co_await dns::lookup(std::move(name), std::move(servers), half_way(deadline));
}

using Ports = Questions::mapped_type;

asio::awaitable<Answered> ask_one(Turns& turns, std::string name, Ports ports, std::vector<std::string> servers,
                                  Deadline deadline) {
  Answered asked;
  asked.lookup = co_await lookup_in_turn(turns.names, std::move(name), std::move(servers), deadline);
  if (!asked.lookup || asked.lookup->addresses.empty()) co_return asked;
  const std::size_t count = std::min(asked.lookup->addresses.size(), most_addresses);
  for (const auto& [port, wanted] : ports) {
    std::vector<asio::awaitable<Observation>> probes;
    for (std::size_t i = 0; i < count; ++i)
      probes.push_back(probe_in_turn(turns.connections, asked.lookup->addresses[i], port, wanted, deadline));
    const auto connected = [](const Observation& each) { return each.observed == Observed::connected; };
    asked.probes[port] = co_await all_at_once(std::move(probes), connected);
    for (std::size_t i = 0; i < count; ++i) {
      asked.probes[port][i].address = asked.lookup->addresses[i];
      asked.probes[port][i].port = port;
    }
  }
  co_return asked;
}

asio::awaitable<Answered> ask_aloud(Turns& turns, std::string name, Ports ports, std::vector<std::string> servers,
                                    Deadline deadline, const Heard& heard) {
  Answered answered = co_await ask_one(turns, name, std::move(ports), std::move(servers), deadline);
  if (heard) heard(name, answered);
  co_return answered;
}

asio::awaitable<Answers> ask_all(Questions wanted, std::vector<std::string> servers, Deadline deadline, Heard heard) {
  const auto executor = co_await asio::this_coro::executor;
  Turns turns{executor};
  std::vector<asio::awaitable<Answered>> questions;
  for (const auto& [name, ports] : wanted) questions.push_back(ask_aloud(turns, name, ports, servers, deadline, heard));
  auto asked = co_await all_at_once(std::move(questions), [](const Answered&) { return false; });
  Answers by_name;
  std::size_t next = 0;
  for (const auto& [name, ports] : wanted) by_name.emplace(name, std::move(asked[next++]));
  co_return by_name;
}

/// The name by which a flow's target is asked for; empty when the file gives the server neither name nor address.
std::string name_behind(const Topology& topology, const FlowAssessment& flow) {
  const Server* server = find_server(topology, flow.to);
  return server == nullptr ? std::string{} : dns::name_of(*server);
}

/// A source is asked for a database that is to move: where it is missing, a migration would fail.
netcheck::ConnectionParameters parameters_of(const Topology& topology, const FlowAssessment& flow, std::string name) {
  const Server* server = find_server(topology, flow.to);
  const bool moves =
      topology.migration && topology.migration->source == flow.to && !topology.migration->databases.empty();
  return {.host = std::move(name),
          .ssl_mode = server->ssl_mode,
          .user = server->user,
          .database = moves ? topology.migration->databases.front() : "postgres"};
}

Observation not_probed(NotProbed why) {
  return {.observed = Observed::not_probed, .detail = std::move(why.reason), .cure = std::move(why.cure)};
}

Observation live_flow(const Topology& topology, const FlowAssessment& flow, const Places& places,
                      const Answers& asked) {
  const auto vantage = vantage_of(topology, {flow.from, flow.stands_for}, places);
  if (!vantage) return not_probed(why_not_probed(topology, {flow.from, flow.stands_for}, places));
  const auto found = asked.find(name_behind(topology, flow));
  if (found == asked.end())
    return not_probed({fmt::format("the file gives {} neither fqdn, customHost nor ipAddress", flow.to),
                       fmt::format("Add fqdn, customHost or ipAddress to {}", flow.to)});
  const Answered& answers = found->second;
  if (!answers.lookup) return not_probed({"the time limit passed before its turn came", "Raise --time-limit"});
  const auto probes = answers.probes.find(flow.port);
  Observation observation = observation_of(
      flow.answer, *answers.lookup, probes == answers.probes.end() ? std::vector<Observation>{} : probes->second);
  observation.from = *vantage;
  observation.port = flow.port;
  observation.steps.insert(observation.steps.begin(), name_step(topology, flow.answer, *answers.lookup));
  return observation;
}

std::optional<LiveResults::Name> live_name(const Topology& topology, const NameAssessment& name, const Places& places,
                                           const Answers& asked) {
  const auto vantage = vantage_of(topology, {name.from, name.stands_for}, places);
  const auto found = asked.find(name.name);
  if (!vantage || found == asked.end() || !found->second.lookup) return std::nullopt;
  LiveResults::Name result{.name = name.name, .from = name.from, .lookup = *found->second.lookup};
  if (*vantage != name.from)
    result.lookup.detail += fmt::format("{}asked from {}", result.lookup.detail.empty() ? "" : "; ", *vantage);
  return result;
}

}  // namespace

Questions questions_of(const Topology& topology, const Assessment& assessment, const Places& places) {
  Questions wanted;
  for (const FlowAssessment& flow : assessment.flows) {
    const std::string name = name_behind(topology, flow);
    if (!name.empty() && vantage_of(topology, {flow.from, flow.stands_for}, places))
      wanted[name].emplace(flow.port, parameters_of(topology, flow, name));
  }
  for (const NameAssessment& name : assessment.names)
    if (vantage_of(topology, {name.from, name.stands_for}, places)) wanted.try_emplace(name.name);
  return wanted;
}

asio::awaitable<Answers> ask(Questions questions, std::vector<std::string> name_servers, Deadline deadline,
                             Heard heard) {
  if (name_servers.empty()) name_servers = dns::system_name_servers();
  auto asking = ask_all(std::move(questions), std::move(name_servers), deadline, std::move(heard));
  co_return co_await on_own_strand(std::move(asking));
}

LiveResults results_of(const Topology& topology, const Assessment& assessment, const Places& places,
                       const Answers& answers) {
  LiveResults results;
  for (const std::string& place : places.here) {
    const auto evidence = places.evidence.find(place);
    results.places.push_back({place, evidence == places.evidence.end() ? std::string{} : evidence->second});
  }
  for (const FlowAssessment& flow : assessment.flows)
    results.flows.push_back({flow.id, flow.from, live_flow(topology, flow, places, answers)});
  for (const NameAssessment& name : assessment.names)
    if (auto result = live_name(topology, name, places, answers)) results.names.push_back(std::move(*result));
  return results;
}

asio::awaitable<LiveResults> observe(const Topology& topology, const Assessment& assessment, Places places,
                                     Deadline deadline, std::vector<std::string> name_servers) {
  auto asking = ask(questions_of(topology, assessment, places), std::move(name_servers), deadline);
  const Answers answers = co_await std::move(asking);
  co_return results_of(topology, assessment, places, answers);
}

}  // namespace pgpassage::scenarios
