#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "migrate/engine/engine.hpp"
#include "migrate/engine/replay.hpp"
#include "migrate/engine/tally.hpp"

namespace pgpassage::migrate {

/// What is said of one database while it is copied: to the observer, to the log, and to the person who reads what
/// remains. `observer` and `remaining` must outlive it. No I/O of its own.
class DatabaseTelling {
 public:
  DatabaseTelling(const Observer& observer, std::string database, std::vector<std::string>& remaining);

  void phase(std::string name);
  void schema_restored(std::size_t tables, std::size_t entries);
  void begin_rows(const std::vector<CopyTable>& tables, const std::vector<std::size_t>& pieces);
  Tally& tally() { return *tally_; }  ///< from begin_rows on
  void tell();                        ///< how far it is now
  void tell_tables();                 ///< those that changed
  /// A server is gone, and is waited for.
  void lost(const Error& error);
  /// The database's end when its copy failed or was canceled; what was copied is still to be compared.
  void end(const Result<void>& done);

  /// May be called from several strands at the same time.
  Remark remark();

 private:
  DatabaseRecord record();
  void finish(WorkState state, const Trouble& trouble);

  const Observer& observer_;
  std::string database_;
  std::vector<std::string>& remaining_;
  std::unique_ptr<Tally> tally_;
  std::mutex remarks_mutex_;
  std::vector<std::string> remarks_;
  std::string phase_;
  Time started_;
};

}  // namespace pgpassage::migrate
