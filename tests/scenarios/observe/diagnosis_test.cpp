#include "scenarios/verdict/diagnosis.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/observe/orders_topology.hpp"

namespace pgpassage::scenarios {
namespace {

using netcheck::Observed;
using netcheck::Predicted;
using netcheck::StepKind;
using netcheck::StepOutcome;
using ::testing::HasSubstr;

FlowAssessment flow(Predicted predicted, Observed observed) {
  FlowAssessment result = testing::flow_of("host->source", "vm-crossing", "orders-source", 5432, "192.168.4.20");
  result.answer.chain = {"orders.corp.example"};
  result.trace.predicted = predicted;
  result.observation.observed = observed;
  result.observation.from = "vm-crossing, standing for orders-runtime";
  result.observation.address = IpAddress::parse("192.168.4.20");
  return result;
}

TEST(Diagnosis, WhatWasNotProbedHasNone) { EXPECT_FALSE(diagnosis_of(flow(Predicted::denied, Observed::not_probed))); }

TEST(Diagnosis, WhatWentAsPredictedHasNone) {
  EXPECT_FALSE(diagnosis_of(flow(Predicted::allowed, Observed::connected)));
}

TEST(Diagnosis, AFileThatDeniesWhatConnectsIsWrong) {
  const auto found = diagnosis_of(flow(Predicted::denied, Observed::connected));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->layer, "file");
}

TEST(Diagnosis, AStandInSaysNothingAboutTheRolesOwnFilters) {
  FlowAssessment role = flow(Predicted::denied, Observed::connected);
  role.from = "orders-runtime";
  role.stands_for.clear();
  EXPECT_FALSE(diagnosis_of(role));
}

TEST(Diagnosis, SilenceNamesFilterAndMissingReturnRouteAndTheNextCommand) {
  FlowAssessment silent = flow(Predicted::allowed, Observed::timed_out);
  silent.observation.steps = {{.kind = StepKind::tcp, .cause = "timed-out"}};
  const auto found = diagnosis_of(silent);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->layer, "path");
  EXPECT_THAT(found->reason, HasSubstr("no route back"));
  EXPECT_EQ(found->command, "traceroute -n -T -p 5432 192.168.4.20");
}

TEST(Diagnosis, AFailureCountsMoreThanWhatWasPoorBefore) {
  FlowAssessment both = flow(Predicted::allowed, Observed::connected);
  both.observation.steps = {{.kind = StepKind::name, .outcome = StepOutcome::poor, .cause = "slow-dns"},
                            {.kind = StepKind::startup, .outcome = StepOutcome::failed, .cause = "pg-hba"}};
  EXPECT_EQ(diagnosis_of(both)->layer, "access");
}

}  // namespace
}  // namespace pgpassage::scenarios
