#pragma once

#include <cstdint>

/// The life of a migration in the migration service's own words (contract 5, azure-facts 3.4). Pure.
namespace pgpassage::migrate {

enum class State : std::uint8_t {
  in_progress,
  waiting_for_user_action,
  canceled,
  failed,
  validation_failed,
  succeeded
};

enum class Substate : std::uint8_t {
  performing_pre_requisite_steps,
  validation_in_progress,
  migrating_data,
  waiting_for_cutover_trigger,
  completing_migration,
  completed
};

const char* to_string(State value);     ///< the contract's spelling
const char* to_string(Substate value);  ///< the contract's spelling

}  // namespace pgpassage::migrate
