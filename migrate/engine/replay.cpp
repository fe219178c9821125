#include "migrate/engine/replay.hpp"

#include <array>
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

}  // namespace

asio::awaitable<Result<void>> replay_entry(Session& target, const SchemaEntry& entry, Remark remark) {
  std::string definitions;
  for (const auto& statement : entry.statements) {
    const StatementKind kind = kind_of(entry, statement);
    if (kind == StatementKind::definition) definitions += statement + "\n";
    if (kind != StatementKind::settings) continue;
    if (auto done = co_await set(target, statement); !done) co_return done;
  }
  if (definitions.empty()) co_return Result<void>{};
  const auto done = co_await target.execute(definitions);
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
