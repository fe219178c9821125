#include "migrate/plan/lifecycle.hpp"

#include <gtest/gtest.h>

namespace pgpassage::migrate {
namespace {

using enum Substate;
constexpr auto offline = MigrationMode::offline;
constexpr auto online = MigrationMode::online;
constexpr auto validate = MigrationOption::validate;
constexpr auto migrate = MigrationOption::migrate;
constexpr auto both = MigrationOption::validate_and_migrate;

constexpr Stage preparing{State::in_progress, performing_pre_requisite_steps};
constexpr Stage validating{State::in_progress, validation_in_progress};
constexpr Stage copying{State::in_progress, migrating_data};
constexpr Stage waiting{State::waiting_for_user_action, waiting_for_cutover_trigger};
constexpr Stage completing{State::in_progress, completing_migration};
constexpr Stage succeeded{State::succeeded, completed};
constexpr Stage invalid{State::validation_failed, completed};
constexpr Stage broken{State::failed, migrating_data};
constexpr Stage stopped{State::canceled, migrating_data};
constexpr auto refused = std::nullopt;

struct Case {
  const char* name;
  Stage from;
  Event event;
  MigrationMode mode;
  MigrationOption option;
  std::optional<Step> to;
};

class Lifecycle : public testing::TestWithParam<Case> {};

TEST_P(Lifecycle, FollowsTheDocumentedTable) {
  const Case& test = GetParam();
  EXPECT_EQ(step(test.from, test.event, test.mode, test.option), test.to);
}

INSTANTIATE_TEST_SUITE_P(
    Transitions, Lifecycle,
    testing::Values(
        Case{"ValidateBeginsWithValidation", preparing, Event::prerequisites_met, offline, validate,
             Step{validating, Action::validate}},
        Case{"ValidateAndMigrateBeginsWithValidation", preparing, Event::prerequisites_met, offline, both,
             Step{validating, Action::validate}},
        Case{"MigrateSkipsValidation", preparing, Event::prerequisites_met, offline, migrate,
             Step{copying, Action::migrate_data}},
        Case{"AFailedItemEndsIt", validating, Event::validation_failed, offline, both, Step{invalid, Action::nothing}},
        Case{"ValidateAloneEndsSucceeded", validating, Event::validation_passed, offline, validate,
             Step{succeeded, Action::nothing}},
        Case{"ValidationThenData", validating, Event::validation_passed, offline, both,
             Step{copying, Action::migrate_data}},
        Case{"OfflineCopyThenCompletes", copying, Event::data_copied, offline, both,
             Step{completing, Action::complete}},
        Case{"OnlineCopyThenWaits", copying, Event::data_copied, online, both, Step{waiting, Action::wait_for_cutover}},
        Case{"CutoverCompletes", waiting, Event::cutover, online, both, Step{completing, Action::complete}},
        Case{"VerifiedSucceeds", completing, Event::verified, offline, both, Step{succeeded, Action::nothing}},
        Case{"ErrorWhileCopying", copying, Event::failed, offline, both, Step{broken, Action::nothing}},
        Case{"CancelWhileCopying", copying, Event::canceled, offline, both, Step{stopped, Action::nothing}},
        Case{"ResumeOfFailed", broken, Event::resumed, offline, both, Step{preparing, Action::nothing}},
        Case{"ResumeOfCanceled", stopped, Event::resumed, offline, both, Step{preparing, Action::nothing}},
        Case{"CopiedIsNotYetSucceeded", copying, Event::verified, offline, both, refused},
        Case{"CutoverOfOffline", copying, Event::cutover, offline, both, refused},
        Case{"CutoverBeforeTheBaseCopyIsDone", copying, Event::cutover, online, both, refused},
        Case{"CancelOfSucceeded", succeeded, Event::canceled, offline, both, refused},
        Case{"CancelOfFailed", broken, Event::canceled, offline, both, refused},
        Case{"ResumeOfSucceeded", succeeded, Event::resumed, offline, both, refused},
        Case{"ResumeOfInvalid", invalid, Event::resumed, offline, both, refused},
        Case{"ValidationCannotBeSkipped", validating, Event::data_copied, offline, both, refused}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(LifecycleShape, WhatHasEndedTakesNothingButResume) {
  for (const Stage stage : {succeeded, invalid, broken, stopped})
    for (int event = 0; event < static_cast<int>(Event::resumed); ++event)
      EXPECT_FALSE(step(stage, static_cast<Event>(event), online, both)) << to_string(stage.state) << event;
}

TEST(LifecycleShape, EveryRunningStageCanFailAndBeCanceled) {
  for (const Stage stage : {preparing, validating, copying, waiting, completing}) {
    EXPECT_EQ(step(stage, Event::failed, online, both)->stage.state, State::failed);
    EXPECT_EQ(step(stage, Event::canceled, online, both)->stage.state, State::canceled);
  }
}

TEST(LifecycleShape, NamesReadBack) {
  for (const Stage stage : {preparing, validating, copying, waiting, completing, succeeded, invalid, stopped}) {
    EXPECT_EQ(state_of(to_string(stage.state)), stage.state);
    EXPECT_EQ(substate_of(to_string(stage.substate)), stage.substate);
  }
  EXPECT_FALSE(state_of("Cancelled"));
}

}  // namespace
}  // namespace pgpassage::migrate
