#include <map>
#include <string_view>

#include "migrate/engine/replay.hpp"
#include "migrate/pg/pipeline.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

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

// What the target refused, told once for each role and reason.
class Refusals {
 public:
  void add(std::string_view statement, const Error& error) {
    auto& [count, first] = refused_[{subject_of(statement), error.sqlstate}];
    if (count++ == 0) first = fmt::format("{} ({})", without_value(statement), error.message);
  }
  void tell(const Remark& remark) const {
    for (const auto& [key, value] : refused_)
      remark(fmt::format("{}: the target refused {} statement{}, first: {}", key.first, value.first,
                         value.first == 1 ? "" : "s", value.second),
             key.second);
  }

 private:
  std::map<std::pair<std::string, std::string>, std::pair<int, std::string>> refused_;
};

// SET SESSION AUTHORIZATION that was refused must not let the following GRANT run as somebody else: they are a group.
std::vector<std::vector<std::string>> groups_of(const std::vector<std::string>& statements) {
  std::vector<std::vector<std::string>> groups;
  bool impersonating = false;
  for (const auto& statement : statements) {
    if (!impersonating) groups.emplace_back();
    groups.back().push_back(statement);
    if (statement.starts_with("SET SESSION AUTHORIZATION")) impersonating = true;
    if (statement.starts_with("RESET SESSION AUTHORIZATION")) impersonating = false;
  }
  return groups;
}

// One statement after the other, for a group of several of which one was refused: the others may still be taken.
asio::awaitable<Result<void>> replay_singly(Session& target, const std::vector<std::string>& group,
                                            Refusals& refusals) {
  bool impersonation_refused = false;
  for (const auto& statement : group) {
    if (impersonation_refused && !statement.starts_with("RESET SESSION AUTHORIZATION")) continue;
    const auto done = co_await target.execute(statement);
    if (done) continue;
    if (session_failed(done.error())) co_return tl::unexpected(done.error());
    impersonation_refused = impersonation_refused || statement.starts_with("SET SESSION AUTHORIZATION");
    refusals.add(statement, done.error());
  }
  co_return Result<void>{};
}

using Groups = std::vector<std::vector<std::string>>;

Result<void> send(Pipeline& pipeline, const std::vector<std::string>& group) {
  for (const auto& statement : group)
    if (auto added = pipeline.add(statement); !added) return added;
  return pipeline.end_group();
}

// The groups of which something was refused, with why.
asio::awaitable<Result<std::vector<std::pair<std::size_t, Error>>>> replay_together(Session& target,
                                                                                    const Groups& groups) {
  constexpr std::size_t under_way = 200;
  Pipeline pipeline{target};
  std::vector<std::pair<std::size_t, Error>> refused;
  for (std::size_t sent = 0, answered = 0; answered < groups.size(); ++answered) {
    while (sent < groups.size() && sent - answered < under_way)
      if (const auto done = send(pipeline, groups[sent++]); !done) co_return tl::unexpected(done.error());
    auto answer = co_await pipeline.next_answer();
    if (answer) continue;
    if (session_failed(answer.error())) co_return tl::unexpected(std::move(answer.error()));
    refused.emplace_back(answered, std::move(answer.error()));
  }
  if (const auto ended = pipeline.end(); !ended) co_return tl::unexpected(ended.error());
  co_return refused;
}

}  // namespace

asio::awaitable<Result<void>> replay_attributes(Session& target, const std::vector<std::string>& statements,
                                                Remark remark) {
  const Groups groups = groups_of(statements);
  const auto refused = co_await replay_together(target, groups);
  if (!refused) co_return tl::unexpected(refused.error());
  Refusals refusals;
  for (const auto& [index, error] : *refused) {
    const auto& group = groups[index];
    if (group.size() == 1) {
      refusals.add(group.front(), error);
    } else if (auto done = co_await replay_singly(target, group, refusals); !done) {
      co_return done;
    }
  }
  refusals.tell(remark);
  co_return Result<void>{};
}

}  // namespace pgpassage::migrate
