#include "migrate/engine/replay.hpp"

#include <array>
#include <map>
#include <string_view>

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

constexpr std::string_view undefined_object = "42704";  // also an unknown role or setting

bool session_failed(const Error& error) {
  return connection_lost(error) || error.code == Errc::canceled || error.code == Errc::disk_full;
}

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

// What ALTER DATABASE ... SET gives to a parameter may be a secret of an application.
std::string_view without_value(std::string_view statement) {
  if (!statement.starts_with("ALTER DATABASE ") && !statement.starts_with("ALTER ROLE ")) return statement;
  const auto set = statement.find(" SET ");
  return set == std::string_view::npos ? statement : statement.substr(0, statement.find(" TO ", set));
}

// "ALTER TABLE a.b OWNER TO c;" -> "role c", "GRANT SELECT ON TABLE a.b TO c;" -> "role c"
std::string subject_of(std::string_view statement) {
  if (const auto shown = without_value(statement); shown != statement) return std::string{shown};
  for (const std::string_view before : {" OWNER TO ", " TO ", " FROM ", "SET SESSION AUTHORIZATION "}) {
    const auto at = statement.rfind(before);
    if (at == std::string_view::npos) continue;
    std::string_view role = statement.substr(at + before.size());
    return "role " + std::string{role.substr(0, role.find_first_of("; \n"))};
  }
  return std::string{statement};
}

// SET SESSION AUTHORIZATION that was refused must not let the following GRANT run as somebody else.
class Impersonation {
 public:
  bool skips(std::string_view statement) {
    if (!refused_) return false;
    if (statement.starts_with("RESET SESSION AUTHORIZATION")) refused_ = false;
    return true;
  }
  void refuse(std::string_view statement) { refused_ = statement.starts_with("SET SESSION AUTHORIZATION"); }

 private:
  bool refused_ = false;
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

asio::awaitable<Result<void>> replay_attributes(Session& target, const std::vector<std::string>& statements,
                                                Remark remark) {
  Impersonation impersonation;
  std::map<std::pair<std::string, std::string>, std::pair<int, std::string>> refused;
  for (const auto& statement : statements) {
    if (impersonation.skips(statement)) continue;
    const auto done = co_await target.execute(statement);
    if (done) continue;
    if (session_failed(done.error())) co_return tl::unexpected(done.error());
    impersonation.refuse(statement);
    auto& [count, first] = refused[{subject_of(statement), done.error().sqlstate}];
    if (count++ == 0) first = fmt::format("{} ({})", without_value(statement), done.error().message);
  }
  for (const auto& [key, value] : refused)
    remark(fmt::format("{}: the target refused {} statement{}, first: {}", key.first, value.first,
                       value.first == 1 ? "" : "s", value.second),
           key.second);
  co_return Result<void>{};
}

std::vector<std::string> statements_of(const std::vector<SchemaEntry>& entries, StatementKind kind) {
  std::vector<std::string> result;
  for (const auto& entry : entries)
    for (const auto& statement : entry.statements)
      if (kind_of(entry, statement) == kind) result.push_back(statement);
  return result;
}

}  // namespace pgpassage::migrate
