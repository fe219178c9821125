#include "app/agent/client/progress_of.hpp"

#include <boost/json.hpp>

#include "app/report/json_words.hpp"

namespace pgpassage::app::agent {
namespace {

namespace json = boost::json;
using migrate::DatabaseRecord;
using migrate::WorkState;

constexpr std::initializer_list<WorkState> work_states{WorkState::queued, WorkState::in_progress, WorkState::succeeded,
                                                       WorkState::failed, WorkState::canceled};

DatabaseRecord database_of(const json::value& value) {
  const auto number = [](const json::value& object, const char* name) {
    return object.at(name).to_number<std::int64_t>();
  };
  return {.name = text_or_nothing(value.at("name")),
          .state = spelled(value.at("state"), work_states),
          .phase = text_or_nothing(value.at("phase")),
          .tables_done = number(value.at("tables"), "done"),
          .tables_total = number(value.at("tables"), "total"),
          .bytes_done = number(value.at("bytes"), "done"),
          .bytes_total = number(value.at("bytes"), "total"),
          .rows_done = number(value, "rows"),
          .bytes_per_second = value.at("bytesPerSecond").to_number<double>()};
}

migrate::State state_in(const json::value& value) {
  const auto state = migrate::state_of(text_or_nothing(value.at("state")));
  if (!state) throw std::invalid_argument{"unknown state"};
  return *state;
}

ProgressSnapshot snapshot_of(const json::value& value) {
  ProgressSnapshot snapshot{.name = text_or_nothing(value.at("name"))};
  snapshot.stage.state = state_in(value);
  snapshot.stage.substate = migrate::substate_of(text_or_nothing(value.at("substate"))).value();
  snapshot.elapsed =
      std::chrono::milliseconds{static_cast<std::int64_t>(value.at("durationSeconds").to_number<double>() * 1000)};
  for (const json::value& database : value.at("databases").as_array())
    snapshot.databases.push_back(database_of(database));
  return snapshot;
}

template <class Read>
auto read(std::string_view data, Read read) -> Result<decltype(read(json::value{}))> {
  try {
    return read(json::parse(json::string_view{data.data(), data.size()}));
  } catch (const std::exception& error) {
    return fail_with_cure(Errc::io, "use the same version of pgpassage on both ends",
                          "the agent's progress cannot be read: {}", error.what());
  }
}

}  // namespace

Result<ProgressSnapshot> progress_of(std::string_view data) { return read(data, snapshot_of); }
Result<migrate::State> end_of(std::string_view data) { return read(data, state_in); }

}  // namespace pgpassage::app::agent
