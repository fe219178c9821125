#include "migrate/engine/hand_over.hpp"

#include "migrate/engine/large_objects.hpp"
#include "migrate/engine/roles.hpp"
#include "migrate/engine/sessions.hpp"
#include "migrate/plan/steps.hpp"

namespace pgpassage::migrate {
namespace {

bool of_schema_or_database(const SchemaEntry& entry) {
  return entry.type == "SCHEMA" || entry.type == "DATABASE" ||
         (entry.type == "ACL" && (entry.name.starts_with("SCHEMA ") || entry.name.starts_with("DATABASE ")));
}

namespace asio = boost::asio;

asio::awaitable<Result<void>> give(Session& target, const std::vector<SchemaEntry>& entries, Remark remark) {
  for (const auto kind : {StatementKind::ownership, StatementKind::privileges}) {
    const auto statements = statements_of(entries, kind);
    if (auto done = co_await replay_attributes(target, statements, remark); !done) co_return done;
  }
  co_return Result<void>{};
}

// Without what pg_restore sets for its own new session after them.
std::vector<std::string> properties_of(const std::vector<SchemaEntry>& entries) {
  std::vector<std::string> properties;
  for (const auto& entry : entries)
    for (const auto& statement : entry.statements)
      if (entry.type == "DATABASE PROPERTIES" && kind_of(entry, statement) != StatementKind::settings)
        properties.push_back(statement);
  return properties;
}

}  // namespace

// Schemas and the database come first: a table's new owner needs CREATE on its schema.
asio::awaitable<Result<void>> hand_over(Session& target, const std::vector<SchemaEntry>& entries,
                                        const Catalog& catalog, Remark remark) {
  std::vector<SchemaEntry> first;
  std::vector<SchemaEntry> others;
  const std::vector<bool> later = event_triggers(entries);
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (!later[i]) (of_schema_or_database(entries[i]) ? first : others).push_back(entries[i]);
  if (auto done = co_await give(target, first, remark); !done) co_return done;
  auto take_back = co_await let_owners_create(target, catalog.owned);
  if (!take_back) co_return tl::unexpected(std::move(take_back.error()));
  if (auto done = co_await give(target, others, remark); !done) co_return done;
  if (auto done = co_await replay_attributes(target, *take_back, remark); !done) co_return done;
  // Settings of the database last: a connection limit would also limit us.
  co_return co_await replay_attributes(target, properties_of(entries), remark);
}

asio::awaitable<Result<void>> create_event_triggers(Session& target, const std::vector<SchemaEntry>& entries,
                                                    Remark remark) {
  const std::vector<bool> wanted = event_triggers(entries);
  std::vector<SchemaEntry> triggers;
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (wanted[i]) triggers.push_back(entries[i]);
  const auto owners = statements_of(triggers, StatementKind::ownership);
  for (const auto& trigger : triggers)
    if (auto done = co_await replay_entry(target, trigger, remark); !done) co_return done;
  co_return co_await replay_attributes(target, owners, remark);
}

asio::awaitable<Result<void>> hand_over_large_objects(Session& source, Session& target, Remark remark) {
  LargeObjectPage page{.more = true};
  while (page.more) {
    auto next = co_await large_object_attributes(source, page.last, PQuser(target.handle()));
    if (!next) co_return tl::unexpected(about("source", std::move(next.error())));
    page = std::move(*next);
    for (const auto* statements : {&page.comments, &page.ownership, &page.privileges})
      if (auto done = co_await replay_attributes(target, *statements, remark); !done)
        co_return tl::unexpected(about("target", std::move(done.error())));
  }
  co_return Result<void>{};
}

}  // namespace pgpassage::migrate
