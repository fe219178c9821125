#include "tests/referee/trials.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "netcheck/reach/causes.hpp"
#include "scenarios/verdict/assessment.hpp"
#include "tests/lab/layout.hpp"

namespace pgpassage::referee {
namespace {

using netcheck::Predicted;

constexpr Port host_port = 5432;  // at which a listener of ours stands on hosts

struct Machine {
  std::string name;
  std::string lab_place;  ///< empty: it starts nothing, or the lab does not have it
  netcheck::Place place;
  std::optional<IpAddress> address;         ///< where the lab finds it
  std::optional<IpAddress> public_address;  ///< beside `address`
  Port port = host_port;
};

class Collector {
 public:
  explicit Collector(const Topology& topology) : topology_(topology), layout_(lab::lay_out(topology)) {
    trials_.plan = lab::compile(topology);
    for (const Server& server : topology.servers) add(server);
    for (const Host& host : topology.hosts) add(host);
  }

  Trials collect() {
    for (const Machine& from : machines_)
      for (const Machine& to : machines_)
        if (from.name != to.name) add_pair(from, to);
    add_required();
    return std::move(trials_);
  }

 private:
  void add(const Server& server) {
    Machine machine{.name = server.name, .place = netcheck::place_of(topology_, server), .port = server.port};
    const std::string place = lab::place_name("server", server.name);
    const bool placed = server.access != ServerAccess::private_endpoint && machine.place.endpoint == nullptr;
    if (placed && lab::find_place(trials_.plan, place) != nullptr) machine.lab_place = place;
    machine.address = machine.place.address;
    if (const lab::Nic* nic = lab::find_nic(layout_, place); nic != nullptr && placed && !machine.address)
      machine.address = nic->address;
    if (const lab::Nic* nic = lab::find_nic(layout_, place); nic != nullptr && placed && server.public_ip_address) {
      machine.public_address = server.public_ip_address;
      machine.address = nic->address;
    }
    machines_.push_back(std::move(machine));
  }

  void add(const Host& host) {
    const std::string place = lab::place_name("host", host.name);
    machines_.push_back({.name = host.name,
                         .lab_place = place,
                         .place = netcheck::place_of(topology_, host),
                         .address = host.ip_address});
    trials_.plan.clusters.push_back({.server = host.name, .place = place, .port = host_port});
  }

  void add_pair(const Machine& from, const Machine& to) {
    const std::string what = fmt::format("{} -> {}", from.name, to.name);
    if (from.lab_place.empty() || !to.address) return trials_.not_refereed.push_back(what);
    for (const auto& address : {to.address, to.public_address}) {
      if (!address) continue;
      netcheck::Place place = to.place;
      if (place.address) place.address = address;  // a managed server's stays any address of its subnet
      add_connect({fmt::format("{} at {}:{}", what, address->to_string(), to.port),
                   {from.lab_place, *address, to.port},
                   netcheck::trace_flow(topology_, from.place, place, to.port)});
    }
  }

  const Machine* find(const std::string& name) const {
    const auto found = std::ranges::find(machines_, name, &Machine::name);
    return found == machines_.end() || found->lab_place.empty() ? nullptr : &*found;
  }

  /// What neither the lab nor a DNS server can know.
  static bool beyond_the_lab(const dns::Answer& answer) { return answer.by.starts_with("ipAddress of "); }
  static bool beyond_the_lab(const netcheck::Trace& trace) {
    return std::ranges::any_of(trace.hops, [](const netcheck::Hop& hop) {
      return hop.by.starts_with("service endpoint ")  // the server sees a subnet instead of an address
             || hop.cause == netcheck::cause::endpoint_of_another_server;  // packets arrive, at whom they were not for
    });
  }
  /// The lab's fabric translates the answers of a public flow as soon as it sees them, before an appliance does.
  static bool translated_early(const netcheck::Trace& trace, const IpAddress& address) {
    return address.global() && std::ranges::any_of(trace.hops, [](const netcheck::Hop& hop) {
             return hop.leg == netcheck::Leg::back && hop.kind == netcheck::HopKind::appliance;
           });
  }

  void add_connect(ConnectTrial trial) {
    if (beyond_the_lab(trial.trace) || translated_early(trial.trace, trial.attempt.address))
      trials_.not_refereed.push_back(std::move(trial.what));
    else
      trials_.connects.push_back(std::move(trial));
  }

  void add_required() {
    if (!topology_.migration) return;
    const auto assessment = scenarios::assess(topology_, topology_.edition);
    if (!assessment) return trials_.not_refereed.push_back(assessment.error().message);
    for (const scenarios::FlowAssessment& flow : assessment->flows) {
      const std::string what = fmt::format("{} from {}", flow.id, flow.from);
      const Machine* from = find(flow.from);
      if (from == nullptr || flow.answer.addresses.empty())
        trials_.not_refereed.push_back(what);
      else
        add_connect({what, {from->lab_place, flow.answer.addresses.front(), flow.port}, flow.trace});
    }
    for (const scenarios::NameAssessment& name : assessment->names)
      if (const Machine* from = find(name.from); from != nullptr && !beyond_the_lab(name.predicted))
        trials_.names.push_back({{from->lab_place, name.name, !name.predicted.addresses.empty()}, name.predicted});
  }

  const Topology& topology_;
  lab::Layout layout_;
  std::vector<Machine> machines_;
  Trials trials_;
};

std::string evidence(const netcheck::Trace& trace) {
  std::string text;
  for (const netcheck::Hop& hop : trace.hops)
    text += fmt::format("\n    {} {} {} {} by {} {} {}", to_string(hop.leg), hop.at, to_string(hop.kind),
                        to_string(hop.decision), hop.by, hop.cause, hop.detail);
  return text;
}

/// The IPv4 ones: the lab is asked for A records.
std::vector<std::string> texts_of(const std::vector<IpAddress>& addresses) {
  std::vector<std::string> texts;
  for (const IpAddress& address : addresses)
    if (address.family() == IpAddress::Family::ipv4) texts.push_back(address.to_string());
  std::ranges::sort(texts);
  return texts;
}

void compare(const ConnectTrial& trial, lab::Outcome outcome, Score& score) {
  if (outcome == lab::Outcome::not_tried) return score.disagreements.push_back(trial.what + ": not tried");
  if (trial.trace.predicted == Predicted::unknown) return static_cast<void>(++score.undecided);
  const bool connected = outcome == lab::Outcome::connected;
  ++(connected ? score.connected : score.dropped);
  if (connected != (trial.trace.predicted == Predicted::allowed))
    score.disagreements.push_back(fmt::format("{}: predicted {}, observed {}{}", trial.what,
                                              to_string(trial.trace.predicted), to_string(outcome),
                                              evidence(trial.trace)));
}

/// The lab makes up public addresses that the file does not give.
void forget_made_up(std::vector<std::string>& addresses) {
  std::erase_if(addresses, [](const std::string& one) { return one.starts_with("198.51.100."); });
}

void compare(const NameTrial& trial, std::vector<std::string> observed, Score& score) {
  if (trial.answer.kind == dns::AnswerKind::unknown) return static_cast<void>(++score.undecided);
  ++score.named;
  const std::vector<std::string> predicted = texts_of(trial.answer.addresses);
  if (predicted.empty()) forget_made_up(observed);
  if (predicted != observed)
    score.disagreements.push_back(fmt::format("{} asked from {}: predicted [{}] by {} ({} {}), observed [{}]",
                                              trial.question.name, trial.question.place, fmt::join(predicted, " "),
                                              trial.answer.by, to_string(trial.answer.kind), trial.answer.detail,
                                              fmt::join(observed, " ")));
}

}  // namespace

Trials trials_of(const Topology& topology) { return Collector{topology}.collect(); }

Experiment experiment_of(const Trials& trials) {
  Experiment experiment{.plan = trials.plan, .attempts = {}, .expected = {}, .questions = {}};
  for (const ConnectTrial& trial : trials.connects) {
    experiment.attempts.push_back(trial.attempt);
    experiment.expected.push_back(trial.trace.predicted == Predicted::allowed);
  }
  for (const NameTrial& trial : trials.names) experiment.questions.push_back(trial.question);
  return experiment;
}

Score compare(const Trials& trials, const Observed& observed) {
  Score score;
  if (observed.outcomes.size() != trials.connects.size() || observed.answers.size() != trials.names.size()) {
    score.disagreements.emplace_back("the lab answered only in part");
    return score;
  }
  for (std::size_t i = 0; i < trials.connects.size(); ++i) compare(trials.connects[i], observed.outcomes[i], score);
  for (std::size_t i = 0; i < trials.names.size(); ++i) compare(trials.names[i], observed.answers[i], score);
  return score;
}

}  // namespace pgpassage::referee
