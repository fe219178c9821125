#include <sys/stat.h>

#include <system_error>

#include "migrate/state/schema.hpp"
#include "migrate/state/store.hpp"

namespace pgpassage::migrate {

namespace fs = std::filesystem;

namespace {

Result<void> make_home(const fs::path& home) {
  std::error_code error;
  if (fs::is_directory(home, error)) return {};
  fs::create_directories(home.parent_path(), error);
  if (mkdir(home.c_str(), 0700) == 0) return {};
  const int why = errno;
  if (why == EEXIST && fs::is_directory(home, error)) return {};  // another process made it meanwhile
  return fail_with_cure(Errc::permission, "set PGPASSAGE_HOME to a directory you may write",
                        "the directory {} cannot be made: {}", home.string(), std::generic_category().message(why));
}

/// Nothing was done yet, and nothing can be before the state can be written.
Error with_cure(Error error) {
  if (error.cure.empty())
    error.cure = error.code == Errc::disk_full
                     ? "make room on its disk, or set PGPASSAGE_HOME to another directory"
                     : "look at that file and its directory, or set PGPASSAGE_HOME to a directory you may write";
  return error;
}

/// SQLite makes its -wal and -shm files with the mode of the main file, so only that one needs care.
Result<void> keep_private(const fs::path& file) {
  std::error_code error;
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, error);
  if (error) return fail(Errc::permission, "{} cannot be made private: {}", file.string(), error.message());
  return {};
}

}  // namespace

Ledger::Ledger(std::unique_ptr<Store> store) : store_{std::move(store)} {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;
Ledger::~Ledger() = default;

Result<Ledger> Ledger::open(const fs::path& home) {
  if (auto made = make_home(home); !made) return tl::unexpected(made.error());
  const fs::path file = home / "ledger.sqlite";
  auto database = sqlite::open(file);
  if (!database) return tl::unexpected(with_cure(database.error()));
  if (auto kept = keep_private(file); !kept) return tl::unexpected(kept.error());
  auto store = std::make_unique<Store>();
  store->database = std::move(*database);
  if (auto set = sqlite::run(store->handle(),
                             "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
      !set)
    return tl::unexpected(with_cure(set.error()));
  if (auto done = migrate_schema(store->handle()); !done) return tl::unexpected(with_cure(done.error()));
  return Ledger{std::move(store)};
}

}  // namespace pgpassage::migrate
