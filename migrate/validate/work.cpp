#include "migrate/validate/work.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "migrate/validate/rules.hpp"

namespace pgpassage::migrate {

using boost::asio::awaitable;

void add(ValidationWork& work, std::string_view id, const std::string& database, std::string subject,
         const Names& offenders, std::string problem, std::optional<ItemState> severity) {
  const ValidationRule& rule = validation_rule(id);
  ValidationRecord item{.database = database,
                        .type = std::string{rule.type},
                        .rule = std::string{rule.id},
                        .name = std::string{rule.name},
                        .state = offenders.empty() ? ItemState::succeeded : severity.value_or(rule.severity),
                        .code = std::string{rule.code},
                        .subject = std::move(subject),
                        .message = offenders.empty() ? std::string{rule.title} : std::move(problem),
                        .evidence = {},
                        .cure = {}};
  if (!offenders.empty()) {
    const std::size_t shown = std::min<std::size_t>(offenders.size(), 20);
    item.evidence =
        fmt::format("{}", fmt::join(offenders.begin(), offenders.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
    if (shown < offenders.size()) item.evidence += fmt::format(" and {} more", offenders.size() - shown);
    item.cure = rule.cure;
  }
  work.items.push_back(std::move(item));
}

bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

awaitable<Result<Names>> column(Session& session, std::string sql) {
  const auto rows = co_await session.query(std::move(sql));
  if (!rows) co_return tl::unexpected(rows.error());
  Names names;
  for (int row = 0; row < rows->size(); ++row) names.emplace_back(rows->text(row, 0));
  co_return names;
}

Names missing(const Names& wanted, const Names& there) {
  Names result;
  for (const std::string& name : wanted)
    if (!contains(there, name)) result.push_back(name);
  return result;
}

Names flag(bool bad, std::string what) { return bad ? Names{std::move(what)} : Names{}; }

}  // namespace pgpassage::migrate
