#include "dns/zones/answer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dns/zones/causes.hpp"
#include "dns/zones/names.hpp"
#include "dns/zones/step.hpp"

namespace pgpassage::dns {
namespace {

constexpr std::size_t max_cnames = 16;

Answer answer_of(Step step, std::vector<std::string> chain) {
  return {step.kind,          std::move(chain),      std::move(step.addresses),
          std::move(step.by), std::move(step.cause), std::move(step.detail),
          step.location};
}

Answer trouble(AnswerKind kind, std::vector<std::string> chain, const char* cause, std::string detail) {
  return {kind, std::move(chain), {}, "the name itself", cause, std::move(detail), {}};
}

Answer answer_to(const Topology& topology, const netcheck::Place& from, std::string_view name,
                 std::vector<NameHop>* hops) {
  if (name.empty()) return trouble(AnswerKind::unknown, {}, cause::name_not_given, "no name is given");
  if (const auto address = IpAddress::parse(name))
    return {AnswerKind::addresses, {std::string{name}}, {*address}, "an address", {}, {}, {}};
  std::vector<std::string> chain{canonical(name)};
  while (true) {
    Step step = ask(topology, from, chain.back(), hops);
    if (!step.cname) return answer_of(std::move(step), std::move(chain));
    const bool loop = std::find(chain.begin(), chain.end(), *step.cname) != chain.end();
    chain.push_back(*step.cname);
    if (loop || chain.size() > max_cnames + 1)
      return trouble(AnswerKind::no_address, std::move(chain), cause::cname_chain_too_long,
                     loop ? "the aliases lead back to a name before" : "more than 16 aliases");
  }
}

}  // namespace

Resolution resolution_of(const Topology& topology, const netcheck::Place& from, std::string_view name) {
  Resolution resolution;
  resolution.answer = answer_to(topology, from, name, &resolution.hops);
  return resolution;
}

Answer resolve(const Topology& topology, const netcheck::Place& from, std::string_view name) {
  return answer_to(topology, from, name, nullptr);
}

std::string name_of(const Server& server) {
  if (!server.custom_host.empty()) return server.custom_host;
  if (!server.fqdn.empty()) return server.fqdn;
  const bool is_public = server.access == ServerAccess::public_access;
  const auto& address = is_public && server.public_ip_address ? server.public_ip_address : server.ip_address;
  return address ? address->to_string() : std::string{};
}

const char* to_string(AnswerKind value) {
  switch (value) {
    case AnswerKind::addresses: return "addresses";
    case AnswerKind::nx_domain: return "nxDomain";
    case AnswerKind::no_address: return "noAddress";
    case AnswerKind::unknown: return "unknown";
    case AnswerKind::server_unreachable: return "serverUnreachable";
  }
  return "unknown";
}

}  // namespace pgpassage::dns
