#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "netcheck/topology/topology.hpp"

namespace pgpassage::scenarios {

/// The numbers of the security rules that the remedies of one run propose. All of them together must be possible: two
/// rules of one group never get the same number, and the same rule asked for twice gets its number again. The last
/// number of a group (4096) is left for a Deny that has to stand behind all others.
class ProposedRules {
 public:
  /// The highest free number below `bound`; absent when all are taken. `rule` tells what the rule does.
  std::optional<int> below(int bound, const NetworkSecurityGroup& nsg, Direction direction, const std::string& rule);
  /// The highest free number above `bound` and above every rule proposed so far; absent when there is none.
  std::optional<int> behind(int bound, const NetworkSecurityGroup& nsg, Direction direction, const std::string& rule);

 private:
  struct Numbers {
    std::set<int> taken;                     ///< by rules of the file and by proposed ones
    std::map<std::string, int> of_proposed;  ///< by what the rule does
  };
  Numbers& numbers_of(const NetworkSecurityGroup& nsg, Direction direction);

  std::map<std::pair<std::string, Direction>, Numbers> groups_;
};

}  // namespace pgpassage::scenarios
