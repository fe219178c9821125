#include "migrate/plan/lifecycle.hpp"

namespace pgpassage::migrate {

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

}  // namespace pgpassage::migrate
