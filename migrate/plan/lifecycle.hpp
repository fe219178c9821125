#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "netcheck/topology/topology.hpp"

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

/// Where a migration stands. `Failed` and `Canceled` keep the substate in which they ended.
struct Stage {
  State state = State::in_progress;
  Substate substate = Substate::performing_pre_requisite_steps;

  bool operator==(const Stage&) const = default;
};

/// What happens to a migration.
enum class Event : std::uint8_t {
  prerequisites_met,  ///< sessions on both servers, plan made
  validation_failed,  ///< at least one item Failed
  validation_passed,  ///< every item Succeeded or Warning
  data_copied,        ///< the (base) copy is on the target
  cutover,            ///< asked for by a person
  verified,           ///< target equals source: the only way to Succeeded with data
  failed,             ///< an error that nothing here can mend
  canceled,           ///< a person asked for it and the work has stopped
  resumed             ///< `resume` of a migration that failed or was canceled
};

/// The one thing to do next.
enum class Action : std::uint8_t { nothing, validate, migrate_data, wait_for_cutover, complete };

struct Step {
  Stage stage;
  Action action = Action::nothing;

  bool operator==(const Step&) const = default;
};

/// Where a new migration starts; its action is to meet the prerequisites.
inline constexpr Stage first_stage{};

/// The next stage and the one action to perform; absent where the documents refuse the event: anything after
/// Succeeded, Canceled or Failed (but `resumed` after the last two, which is ours), a cutover of an offline migration
/// or before its base copy is done, a cancel of what has ended.
/// Source: Microsoft Learn, migration service tutorials, "Monitor the migration"; error codes 603113 and 603114.
std::optional<Step> step(Stage stage, Event event, MigrationMode mode, MigrationOption option);

/// True when nothing but `resumed` can follow.
bool ended(State state);

const char* to_string(State value);     ///< the contract's spelling
const char* to_string(Substate value);  ///< the contract's spelling
const char* to_string(Event value);     ///< snake case, for messages
std::optional<State> state_of(std::string_view text);
std::optional<Substate> substate_of(std::string_view text);

}  // namespace pgpassage::migrate
