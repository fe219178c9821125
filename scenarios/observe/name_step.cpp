#include "scenarios/observe/name_step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace pgpassage::scenarios {
namespace {

using dns::Lookup;
using dns::LookupStatus;
using netcheck::ProbeStep;
using netcheck::StepKind;
using netcheck::StepOutcome;

constexpr std::chrono::seconds slow{1};

std::string_view cause_of(LookupStatus status) {
  switch (status) {
    case LookupStatus::answered: return {};
    case LookupStatus::nx_domain: return "name-not-found";
    case LookupStatus::no_data: return "no-address";
    case LookupStatus::server_failure: return "dns-server-failure";
    case LookupStatus::refused: return "dns-refused";
    case LookupStatus::timed_out: return "dns-timeout";
    case LookupStatus::unreachable: return "dns-unreachable";
    case LookupStatus::malformed: return "dns-malformed";
  }
  return {};
}

/// What in the file has this address; empty when nothing does.
std::string owner_of(const Topology& topology, const IpAddress& address) {
  for (const Server& server : topology.servers)
    if (server.ip_address == address || server.public_ip_address == address) return server.name;
  for (const PrivateEndpoint& endpoint : topology.private_endpoints)
    if (endpoint.private_ip_address == address) return endpoint.name;
  for (const Host& host : topology.hosts)
    if (host.ip_address == address) return host.name;
  return {};
}

std::string records_text(const Lookup& lookup) {
  std::string text;
  for (const dns::DnsRecord& record : lookup.records)
    text += fmt::format("{}{} {} {} (TTL {})", text.empty() ? "" : ", ", record.owner, record.type, record.value,
                        record.ttl_seconds);
  return text.empty() ? lookup.name : text;
}

std::string evidence_of(const Lookup& lookup) {
  std::string text = records_text(lookup);
  if (lookup.status != LookupStatus::answered) text += fmt::format(": {}", to_string(lookup.status));
  if (!lookup.server.empty()) text += fmt::format(", by {}", lookup.server);
  if (lookup.over_tcp) text += " over TCP";
  if (lookup.authenticated) text += ", verified by DNSSEC (AD)";
  for (const dns::LameServer& lame : lookup.lame)
    text += fmt::format("; {} did not know ({})", lame.server, lame.detail);
  return text;
}

struct Difference {
  std::string cause, words;
};

bool agrees(const dns::Answer& predicted, const Lookup& lookup) {
  if (predicted.kind != dns::AnswerKind::addresses || predicted.addresses.empty()) return true;
  return std::ranges::find_first_of(lookup.addresses, predicted.addresses) != lookup.addresses.end();
}

Difference difference(const Topology& topology, const dns::Answer& predicted, const Lookup& lookup) {
  const IpAddress& live = lookup.addresses.front();
  const IpAddress& due = predicted.addresses.front();
  const std::string file_says = fmt::format("the file has {}{}", due.to_string(),
                                            predicted.by.empty() ? "" : fmt::format(" by {}", predicted.by));
  if (live.global() && !due.global()) return {"public-address", "a public address, and " + file_says};
  if (const std::string owner = owner_of(topology, live); !owner.empty())
    return {"other-endpoint", fmt::format("the address of {}, and {}", owner, file_says)};
  if (!live.global()) return {"stale-record", "an address that nothing in the file has, and " + file_says};
  return {"wrong-address", "another address, and " + file_says};
}

std::string_view weakness_of(const Lookup& lookup) {
  if (lookup.udp_silent) return "dns-udp-blocked";
  if (!lookup.lame.empty()) return "lame-server";
  return lookup.elapsed >= slow ? "slow-dns" : "";
}

}  // namespace

ProbeStep name_step(const Topology& topology, const dns::Answer& predicted, const Lookup& lookup) {
  ProbeStep step{.kind = StepKind::name, .outcome = StepOutcome::failed, .elapsed = lookup.elapsed};
  step.evidence = evidence_of(lookup);
  step.cause = cause_of(lookup.status);
  if (!step.cause.empty() || lookup.addresses.empty()) return step;
  if (!agrees(predicted, lookup)) {
    const Difference found = difference(topology, predicted, lookup);
    step.cause = found.cause;
    step.evidence += fmt::format("; {}", found.words);
    return step;
  }
  step.cause = weakness_of(lookup);
  step.outcome = step.cause.empty() ? StepOutcome::passed : StepOutcome::poor;
  return step;
}

}  // namespace pgpassage::scenarios
