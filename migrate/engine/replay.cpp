#include "migrate/engine/replay.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <regex>
#include <string_view>

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

constexpr std::string_view undefined_object = "42704";  // also an unknown role or setting

bool may_be_refused(const SchemaEntry& entry) {
  static constexpr std::array<std::string_view, 8> types{"COMMENT",
                                                         "SECURITY LABEL",
                                                         "PUBLICATION",
                                                         "PUBLICATION TABLE",
                                                         "SUBSCRIPTION",
                                                         "PUBLICATION TABLES IN SCHEMA",
                                                         "SUBSCRIPTION TABLE",
                                                         "EVENT TRIGGER"};
  return std::find(types.begin(), types.end(), entry.type) != types.end();
}

asio::awaitable<Result<void>> set(Session& target, const std::string& statement) {
  const auto done = co_await target.execute(statement);
  if (!done && done.error().sqlstate != undefined_object) co_return tl::unexpected(done.error());
  co_return Result<void>{};
}

// Definitions that are sent together, in one transaction. When one is refused, all are performed again one by one.
class Batch {
 public:
  Batch(Session& target, Remark remark) : target_{target}, remark_{std::move(remark)} {}

  asio::awaitable<Result<void>> add(const SchemaEntry& entry) {
    for (const auto& statement : entry.statements) {
      if (kind_of(entry, statement) != StatementKind::settings) continue;
      if (auto done = co_await send(); !done) co_return done;
      if (auto done = co_await set(target_, statement); !done) co_return done;
    }
    for (const auto& statement : entry.statements)
      if (kind_of(entry, statement) == StatementKind::definition) sql_ += statement + "\n";
    entries_.push_back(&entry);
    if (sql_.size() < most_bytes && entries_.size() < most_entries) co_return Result<void>{};
    co_return co_await send();
  }

  asio::awaitable<Result<void>> send() {
    const auto entries = std::exchange(entries_, {});
    const std::string sql = std::exchange(sql_, {});
    if (sql.empty()) co_return Result<void>{};
    const auto done = co_await target_.execute(sql);
    if (done) co_return Result<void>{};
    if (session_failed(done.error())) co_return tl::unexpected(done.error());
    for (const SchemaEntry* entry : entries)
      if (auto single = co_await replay_entry(target_, *entry, remark_); !single) co_return single;
    co_return Result<void>{};
  }

 private:
  // Locks are held for each object until the end of a transaction.
  static constexpr std::size_t most_entries = 100;
  static constexpr std::size_t most_bytes = 256 * 1024;

  Session& target_;
  Remark remark_;
  std::vector<const SchemaEntry*> entries_;
  std::string sql_;
};

// An index and what is said of it afterwards (CLUSTER ON, REPLICA IDENTITY) in one transaction would keep the lock of
// the first while it waits for a stronger one, as another index of the table may do: a deadlock.
asio::awaitable<Result<void>> define(Session& target, std::vector<std::string> definitions, bool one_by_one) {
  if (!one_by_one) definitions = {fmt::format("{}", fmt::join(definitions, "\n"))};
  for (const auto& sql : definitions) {
    if (sql.empty()) continue;
    if (const auto done = co_await target.execute(sql); !done) co_return tl::unexpected(done.error());
  }
  co_return Result<void>{};
}

// Some servers of 15 number the changes of a column in an option of it, which pg_dump writes and no other server knows.
constexpr std::string_view version_option = "pg_attver";

bool knows_no_version(const Error& error) {
  return error.message == fmt::format("unrecognized parameter \"{}\"", version_option);
}

std::vector<std::string> without_versions(std::vector<std::string> definitions) {
  static const std::regex alone{R"( SET \(pg_attver=[0-9]+\);$)"};
  static const std::regex among_others{R"( SET \(pg_attver=[0-9]+, )"};
  for (auto& definition : definitions) {
    if (!definition.starts_with("ALTER ")) continue;
    if (std::regex_search(definition, alone)) definition.clear();
    definition = std::regex_replace(definition, among_others, " SET (");
  }
  return definitions;
}

}  // namespace

asio::awaitable<Result<void>> replay_entry(Session& target, const SchemaEntry& entry, Remark remark) {
  std::vector<std::string> definitions;
  for (const auto& statement : entry.statements) {
    const StatementKind kind = kind_of(entry, statement);
    if (kind == StatementKind::definition) definitions.push_back(statement);
    if (kind != StatementKind::settings) continue;
    if (auto done = co_await set(target, statement); !done) co_return done;
  }
  const bool one_by_one = entry.type == "INDEX";
  auto done = co_await define(target, definitions, one_by_one);
  if (!done && knows_no_version(done.error()))
    done = co_await define(target, without_versions(std::move(definitions)), one_by_one);
  if (done) co_return Result<void>{};
  Error error = done.error();
  error.message = fmt::format("{} {}: {}", entry.type, entry.name, error.message);
  if (session_failed(error) || !may_be_refused(entry)) co_return tl::unexpected(std::move(error));
  remark(fmt::format("not on the target: {}", error.message), error.sqlstate);
  co_return Result<void>{};
}

asio::awaitable<Result<void>> replay_entries(Session& target, std::vector<const SchemaEntry*> entries, Remark remark) {
  Batch batch{target, std::move(remark)};
  for (const SchemaEntry* entry : entries)
    if (auto done = co_await batch.add(*entry); !done) co_return done;
  co_return co_await batch.send();
}

bool session_failed(const Error& error) {
  return connection_lost(error) || error.code == Errc::canceled || error.code == Errc::disk_full;
}

std::vector<std::string> statements_of(const std::vector<SchemaEntry>& entries, StatementKind kind) {
  std::vector<std::string> result;
  for (const auto& entry : entries)
    for (const auto& statement : entry.statements)
      if (kind_of(entry, statement) == kind) result.push_back(statement);
  return result;
}

}  // namespace pgpassage::migrate
