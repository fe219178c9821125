#include "dns/zones/resolution.hpp"

#include <fmt/format.h>

#include "dns/zones/question.hpp"
#include "netcheck/base/address_list.hpp"

namespace pgpassage::dns {
namespace {

NameDecision decision_of(const Step& step) {
  if (step.cname) return NameDecision::alias;
  switch (step.kind) {
    case AnswerKind::addresses: return NameDecision::answer;
    case AnswerKind::unknown: return NameDecision::unknown;
    case AnswerKind::nx_domain:
    case AnswerKind::no_address: return NameDecision::none;
    case AnswerKind::server_unreachable: return NameDecision::deny;
  }
  return NameDecision::unknown;
}

std::string outcome_of(const Step& step) {
  if (step.cname) return fmt::format("{}; ", *step.cname);
  return step.addresses.empty() ? std::string{} : fmt::format("{}; ", listed(step.addresses));
}

}  // namespace

void note(const Question& question, NameHop hop) {
  if (question.hops == nullptr) return;
  hop.name = question.name;
  question.hops->push_back(std::move(hop));
}

Step told(const Question& question, std::string at, Step step) {
  std::string detail = outcome_of(step) + step.detail;
  if (detail.ends_with("; ")) detail.resize(detail.size() - 2);
  note(question, {.at = std::move(at),
                  .kind = step.source,
                  .decision = decision_of(step),
                  .by = step.by,
                  .location = step.location,
                  .cause = step.cause,
                  .detail = std::move(detail)});
  return step;
}

Step trouble(AnswerKind kind, NameHopKind source, std::string by, const char* cause, std::string detail,
             Location location) {
  Step step;
  step.kind = kind;
  step.source = source;
  step.by = std::move(by);
  step.cause = cause;
  step.detail = std::move(detail);
  step.location = location;
  return step;
}

const char* to_string(NameHopKind value) {
  switch (value) {
    case NameHopKind::setting: return "setting";
    case NameHopKind::way: return "way";
    case NameHopKind::platform_rule: return "platformRule";
    case NameHopKind::record: return "record";
    case NameHopKind::forwarder: return "forwarder";
    case NameHopKind::zone: return "zone";
    case NameHopKind::ruleset: return "ruleset";
    case NameHopKind::public_dns: return "publicDns";
    case NameHopKind::resolver: return "resolver";
  }
  return "zone";
}

const char* to_string(NameDecision value) {
  switch (value) {
    case NameDecision::answer: return "answer";
    case NameDecision::alias: return "alias";
    case NameDecision::forward: return "forward";
    case NameDecision::pass: return "pass";
    case NameDecision::none: return "none";
    case NameDecision::deny: return "deny";
    case NameDecision::unknown: return "unknown";
  }
  return "unknown";
}

}  // namespace pgpassage::dns
