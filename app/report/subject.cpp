#include "app/report/subject.hpp"

#include <fmt/format.h>

#include <utility>

namespace pgpassage::app {

namespace {

std::vector<std::string> notes_on(const Migration& migration) {
  std::vector<std::string> notes;
  if (migration.mode == MigrationMode::online)
    notes.emplace_back(
        "migrationMode Online: this version of pgpassage migrates offline only, Online arrives later; `migrate` "
        "refuses "
        "this file unless it is given --mode Offline");
  if (migration.databases.empty())
    notes.push_back(fmt::format("no databases are named: `migrate` takes every database of {} that its users made",
                                migration.source));
  return notes;
}

}  // namespace

Subject subject_of(const Topology& topology, std::string file, std::string sha256, bool live) {
  Subject subject{std::move(file), std::move(sha256), topology.name, {}, {}, {}, {}, live, {}, {}};
  if (topology.migration) {
    subject.migration = topology.migration->name;
    subject.source = topology.migration->source;
    subject.target = topology.migration->target;
    subject.runtime_server = topology.migration->runtime_server;
    subject.notes = notes_on(*topology.migration);
  }
  return subject;
}

}  // namespace pgpassage::app
