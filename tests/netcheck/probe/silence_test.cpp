#include "netcheck/probe/silence.hpp"

#include <gtest/gtest.h>

namespace pgpassage::netcheck {
namespace {

std::string cause(StepKind step, const TcpState& state) { return silence_at(step, state).cause; }

TEST(Silence, OfAConnectionRequestIsATimeout) {
  EXPECT_EQ(silence_at(StepKind::tcp, std::nullopt).cause, "timed-out");
  EXPECT_EQ(cause(StepKind::tcp, {.resent = 3, .unacknowledged = 1}), "timed-out");
}

TEST(Silence, BehindAConnectionIsTheListeners) {
  EXPECT_EQ(cause(StepKind::ssl_request, {}), "silent");
  EXPECT_EQ(cause(StepKind::tls, {}), "tls-silent");
  EXPECT_EQ(cause(StepKind::startup, {}), "startup-silent");
  EXPECT_EQ(silence_at(StepKind::startup, TcpState{}).observed, Observed::connected);
}

TEST(Silence, WithALargePacketMissingIsTheMtus) {
  EXPECT_EQ(cause(StepKind::tls, {.out_of_order = 1}), "mtu-black-hole");
  EXPECT_EQ(cause(StepKind::startup, {.resent = 4, .unacknowledged = 2}), "mtu-black-hole");
  EXPECT_EQ(cause(StepKind::path_mtu, {.resent = 4, .unacknowledged = 2}), "mtu-black-hole");
  EXPECT_EQ(cause(StepKind::path_mtu, {}), "slow-path");
  EXPECT_EQ(cause(StepKind::tls, {.resent = 1, .unacknowledged = 1}), "tls-silent") << "one loss is no black hole";
}

}  // namespace
}  // namespace pgpassage::netcheck
