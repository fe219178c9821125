#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/zones/resolution.hpp"
#include "dns/zones/step.hpp"

/// One name on its way through resolvers: what dns/zones shares within itself.
namespace pgpassage::dns {

struct Question {
  const Topology& topology;
  std::string_view name;
  int forwarders = 0;                    ///< passed so far
  int* questions_left = nullptr;         ///< of this name, whatever the way
  std::vector<NameHop>* hops = nullptr;  ///< null: nobody wants to know
};

/// Adds a hop of the question's name.
void note(const Question& question, NameHop hop);
/// Adds what `step` decides at `at`, and hands it back.
Step told(const Question& question, std::string at, Step step);

Step trouble(AnswerKind kind, NameHopKind source, std::string by, const char* cause, std::string detail,
             Location location);

/// Tried in order; the next one only when one cannot be reached. A negative answer is an answer.
Step ask_first_reachable(const Question& question, const netcheck::Place& from, const std::vector<IpAddress>& addresses,
                         const std::string& asker);

/// Azure-provided DNS as one VNet sees it: linked zones, then forwarding rules, then public DNS.
Step ask_azure(const Question& question, const VirtualNetwork& network);

/// Security groups do not see 168.63.129.16, except for rules that name it (azure-facts 2.1.12).
std::optional<Step> stopped_platform_dns(const Question& question, const netcheck::Place& from);

/// An endpoint of the resolver that asks or is asked.
netcheck::Place place_in(const std::string& network, const std::string& subnet, const std::string& name,
                         const std::optional<IpAddress>& address);

}  // namespace pgpassage::dns
