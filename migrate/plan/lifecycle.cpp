#include "migrate/plan/lifecycle.hpp"

namespace pgpassage::migrate {

namespace {

constexpr Step copy_step{{State::in_progress, Substate::migrating_data}, Action::migrate_data};
constexpr Step complete_step{{State::in_progress, Substate::completing_migration}, Action::complete};
constexpr Step succeeded_step{{State::succeeded, Substate::completed}, Action::nothing};

std::optional<Step> step_of_work(Substate substate, Event event, MigrationMode mode, MigrationOption option) {
  switch (substate) {
    case Substate::performing_pre_requisite_steps:
      if (event != Event::prerequisites_met) return std::nullopt;
      if (option == MigrationOption::migrate) return copy_step;
      return Step{{State::in_progress, Substate::validation_in_progress}, Action::validate};
    case Substate::validation_in_progress:
      if (event == Event::validation_failed) return Step{{State::validation_failed, Substate::completed}};
      if (event != Event::validation_passed) return std::nullopt;
      return option == MigrationOption::validate ? succeeded_step : copy_step;
    case Substate::migrating_data:
      if (event != Event::data_copied) return std::nullopt;
      if (mode == MigrationMode::offline) return complete_step;
      return Step{{State::waiting_for_user_action, Substate::waiting_for_cutover_trigger}, Action::wait_for_cutover};
    case Substate::waiting_for_cutover_trigger:
      return event == Event::cutover ? std::optional{complete_step} : std::nullopt;
    case Substate::completing_migration: return event == Event::verified ? std::optional{succeeded_step} : std::nullopt;
    case Substate::completed: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Step> step(Stage stage, Event event, MigrationMode mode, MigrationOption option) {
  if (ended(stage.state)) {
    // A migration that was resumed begins with its prerequisites: what had been finished is found finished.
    if (event != Event::resumed || (stage.state != State::failed && stage.state != State::canceled))
      return std::nullopt;
    return Step{first_stage};
  }
  if (event == Event::failed) return Step{{State::failed, stage.substate}};
  if (event == Event::canceled) return Step{{State::canceled, stage.substate}};
  return step_of_work(stage.substate, event, mode, option);
}

bool ended(State state) { return state != State::in_progress && state != State::waiting_for_user_action; }

const char* to_string(State value) {
  switch (value) {
    case State::in_progress: return "InProgress";
    case State::waiting_for_user_action: return "WaitingForUserAction";
    case State::canceled: return "Canceled";
    case State::failed: return "Failed";
    case State::validation_failed: return "ValidationFailed";
    case State::succeeded: return "Succeeded";
  }
  return "Failed";
}

const char* to_string(Substate value) {
  switch (value) {
    case Substate::performing_pre_requisite_steps: return "PerformingPreRequisiteSteps";
    case Substate::validation_in_progress: return "ValidationInProgress";
    case Substate::migrating_data: return "MigratingData";
    case Substate::waiting_for_cutover_trigger: return "WaitingForCutoverTrigger";
    case Substate::completing_migration: return "CompletingMigration";
    case Substate::completed: return "Completed";
  }
  return "Completed";
}

const char* to_string(Event value) {
  switch (value) {
    case Event::prerequisites_met: return "prerequisites_met";
    case Event::validation_failed: return "validation_failed";
    case Event::validation_passed: return "validation_passed";
    case Event::data_copied: return "data_copied";
    case Event::cutover: return "cutover";
    case Event::verified: return "verified";
    case Event::failed: return "failed";
    case Event::canceled: return "canceled";
    case Event::resumed: return "resumed";
  }
  return "failed";
}

std::optional<State> state_of(std::string_view text) {
  for (const State state : {State::in_progress, State::waiting_for_user_action, State::canceled, State::failed,
                            State::validation_failed, State::succeeded})
    if (text == to_string(state)) return state;
  return std::nullopt;
}

std::optional<Substate> substate_of(std::string_view text) {
  for (const Substate substate :
       {Substate::performing_pre_requisite_steps, Substate::validation_in_progress, Substate::migrating_data,
        Substate::waiting_for_cutover_trigger, Substate::completing_migration, Substate::completed})
    if (text == to_string(substate)) return substate;
  return std::nullopt;
}

}  // namespace pgpassage::migrate
