#include "scenarios/observe/judge_flow.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pgpassage::scenarios {
namespace {

using netcheck::Observation;
using netcheck::Observed;
using ::testing::HasSubstr;

IpAddress address(const char* text) { return *IpAddress::parse(text); }

dns::Lookup found(std::vector<IpAddress> addresses) {
  return {.name = "t.example",
          .status = dns::LookupStatus::answered,
          .chain = {"t.example"},
          .addresses = std::move(addresses)};
}
Observation probe(const char* where, Observed observed, const char* detail = "") {
  return {.observed = observed, .address = address(where), .detail = detail};
}
dns::Answer predicted(const char* where) {
  return {.kind = dns::AnswerKind::addresses, .addresses = {address(where)}, .by = "zone link link-hub"};
}

TEST(ObservationOf, TheAddressThatConnectedIsReported) {
  const auto seen = observation_of({}, found({address("10.0.0.1"), address("10.0.0.2")}),
                                   {probe("10.0.0.1", Observed::timed_out), probe("10.0.0.2", Observed::connected)});
  EXPECT_EQ(seen.observed, Observed::connected);
  EXPECT_EQ(seen.address, address("10.0.0.2"));
}

TEST(ObservationOf, ElseTheFirstFailureWithTheOthersBesideIt) {
  const auto seen =
      observation_of({}, found({address("10.0.0.1"), address("fd00::1")}),
                     {probe("10.0.0.1", Observed::timed_out, "silence"), probe("fd00::1", Observed::unreachable)});
  EXPECT_EQ(seen.observed, Observed::timed_out);
  EXPECT_EQ(seen.detail, "silence; fd00::1: unreachable");
}

TEST(ObservationOf, AnAddressOfThePredictionIsRightBesideOthers) {
  const auto seen = observation_of(predicted("10.0.0.2"), found({address("10.0.0.1"), address("10.0.0.2")}),
                                   {probe("10.0.0.1", Observed::connected), probe("10.0.0.2", Observed::refused)});
  EXPECT_EQ(seen.observed, Observed::connected);
}

TEST(ObservationOf, AnotherAddressIsWrongAndItsProbeIsToldBesides) {
  const auto seen = observation_of(predicted("10.20.2.4"), found({address("20.1.2.3")}),
                                   {probe("20.1.2.3", Observed::refused, "Connection refused")});
  EXPECT_EQ(seen.observed, Observed::wrong_address);
  EXPECT_EQ(seen.address, address("20.1.2.3"));
  EXPECT_EQ(seen.detail,
            "t.example resolves to 20.1.2.3 here, and to 10.20.2.4 in the file (zone link link-hub); refused there: "
            "Connection refused");
}

TEST(ObservationOf, AnUnknownPredictionContradictsNothing) {
  dns::Answer unknown = predicted("10.20.2.4");
  unknown.kind = dns::AnswerKind::unknown;
  EXPECT_EQ(observation_of(unknown, found({address("20.1.2.3")}), {probe("20.1.2.3", Observed::connected)}).observed,
            Observed::connected);
}

TEST(ObservationOf, ANameWithoutAddressSaysWhatTheServerSaid) {
  const dns::Lookup lookup{.name = "t.example",
                           .status = dns::LookupStatus::nx_domain,
                           .chain = {"t.example", "t.privatelink.example"},
                           .server = "168.63.129.16",
                           .detail = "NXDOMAIN"};
  const auto seen = observation_of(predicted("10.20.2.4"), lookup, {});
  EXPECT_EQ(seen.observed, Observed::name_not_found);
  EXPECT_FALSE(seen.address);
  EXPECT_EQ(seen.detail, "t.example -> t.privatelink.example: nxDomain from 168.63.129.16 (NXDOMAIN)");
}

}  // namespace
}  // namespace pgpassage::scenarios
