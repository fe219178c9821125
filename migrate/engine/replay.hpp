#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <vector>

#include "migrate/pg/session.hpp"
#include "migrate/plan/script.hpp"

/// Runs the schema's statements on the target. Live.
namespace pgpassage::migrate {

/// Called with one sentence about something that the target did not take and that does not make its rows wrong, and
/// the SQLSTATE of its refusal; empty: the target was not asked.
using Remark = std::function<void(std::string, std::string)>;

/// Performs the definitions of one entry; ownership and privileges come later (`replay_attributes`). Settings that the
/// target does not know are skipped. What a login without superuser may be refused without losing rows (comments,
/// publications, event triggers) becomes a remark.
boost::asio::awaitable<Result<void>> replay_entry(Session& target, const SchemaEntry& entry, Remark remark);

/// The same of many entries in their order, many of them to a round trip and to a transaction.
boost::asio::awaitable<Result<void>> replay_entries(Session& target, std::vector<const SchemaEntry*> entries,
                                                    Remark remark);

/// Performs ALTER ... OWNER TO, GRANT and REVOKE, each by itself but many to a round trip; what the target refuses
/// becomes remarks, one for each role and reason. Fails only when the session does.
boost::asio::awaitable<Result<void>> replay_attributes(Session& target, const std::vector<std::string>& statements,
                                                       Remark remark);

/// Whether an error is the session's or the disk's, so that no further statement would do better. Pure.
bool session_failed(const Error& error);

/// All ownership, or all privilege statements of the entries, in order. Pure.
std::vector<std::string> statements_of(const std::vector<SchemaEntry>& entries, StatementKind kind);

}  // namespace pgpassage::migrate
