#include "scenarios/verdict/proposed_rules.hpp"

#include <gtest/gtest.h>

namespace pgpassage::scenarios {
namespace {

NetworkSecurityGroup group_with(std::initializer_list<int> priorities) {
  NetworkSecurityGroup group;
  group.name = "nsg";
  for (const int priority : priorities) {
    SecurityRule& rule = group.rules.emplace_back();
    rule.priority = priority;
    rule.direction = Direction::outbound;
  }
  return group;
}

constexpr Direction out = Direction::outbound;

TEST(ProposedRules, GiveNoNumberTwice) {
  const NetworkSecurityGroup group = group_with({200, 198});
  ProposedRules proposed;
  EXPECT_EQ(proposed.below(200, group, out, "storage"), 199);
  EXPECT_EQ(proposed.below(200, group, out, "source"), 197);
  EXPECT_EQ(proposed.below(200, group, Direction::inbound, "source"), 199) << "directions have numbers of their own";
}

TEST(ProposedRules, GiveARuleItsNumberAgainWhileThatIsLowEnough) {
  const NetworkSecurityGroup group = group_with({200, 150});
  ProposedRules proposed;
  EXPECT_EQ(proposed.below(200, group, out, "source"), 199);
  EXPECT_EQ(proposed.below(200, group, out, "source"), 199);
  EXPECT_EQ(proposed.below(150, group, out, "source"), 149);
}

TEST(ProposedRules, HaveNoneWhereEveryNumberIsTaken) {
  const NetworkSecurityGroup group = group_with({100, 101});
  EXPECT_EQ(ProposedRules{}.below(102, group, out, "source"), std::nullopt);
}

TEST(ProposedRules, LeaveTheLastNumberToADenyBehindAllOthers) {
  const NetworkSecurityGroup group = group_with({300});
  ProposedRules proposed;
  EXPECT_EQ(proposed.below(65000, group, out, "source"), 4095);
  EXPECT_EQ(proposed.behind(300, group, out, "deny"), 4096);
  EXPECT_EQ(proposed.behind(300, group, out, "deny too"), std::nullopt) << "nothing is free behind the first";
}

}  // namespace
}  // namespace pgpassage::scenarios
