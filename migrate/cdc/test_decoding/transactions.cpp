#include "migrate/cdc/test_decoding/transactions.hpp"

#include <algorithm>

#include "migrate/cdc/text/timestamp.hpp"

namespace pgpassage::migrate::cdc {
namespace {

Time time_of(TextScanner& line) {
  if (!line.take(" (at ")) return std::nullopt;
  const Time time = timestamp_of(line.until(')'));
  line.expect(")");
  return time;
}

Xid xid_of(TextScanner& line, std::string_view before) { return line.take(before) ? line.number<Xid>() : 0; }

// As quote_literal writes it: with backslashes it begins with E and doubles them too. Nothing behind it has a quote.
std::string_view gid_of(TextScanner& line, std::string& unquoted) {
  const bool with_backslashes = line.take(" E") || line.take("E");
  line.expect("'");
  const std::string_view quoted = line.cut(std::min(line.rest().rfind('\''), line.rest().size()));
  line.expect("'");
  unquoted.clear();
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    if (quoted[i] == '\'' || (with_backslashes && quoted[i] == '\\')) ++i;
    if (i < quoted.size()) unquoted += quoted[i];
  }
  return unquoted;
}

template <class Ending>
Ending read_prepared(TextScanner& line, Lsn end, std::string& unquoted) {
  Ending ending;
  ending.gid = gid_of(line, unquoted);
  ending.xid = xid_of(line, ", txid ");
  ending.end = end;
  ending.time = time_of(line);
  return ending;
}

}  // namespace

What read_transaction(TextScanner& line, Lsn lsn, std::string& unquoted) {
  if (line.take("BEGIN")) return Begin{.xid = xid_of(line, " "), .commit = {}, .time = {}, .gid = {}};
  if (line.take("PREPARE TRANSACTION ")) return read_prepared<Prepare>(line, lsn, unquoted);
  if (line.take("COMMIT PREPARED ")) return read_prepared<CommitPrepared>(line, lsn, unquoted);
  if (line.take("ROLLBACK PREPARED ")) return read_prepared<RollbackPrepared>(line, lsn, unquoted);
  line.expect("COMMIT");
  Commit commit;
  if (!line.rest().starts_with(" (")) commit.xid = xid_of(line, " ");
  commit.end = lsn;
  commit.time = time_of(line);
  return commit;
}

LogicalMessage read_logical_message(TextScanner& line, Lsn lsn) {
  LogicalMessage message;
  message.lsn = lsn;
  line.expect("transactional: ");
  message.transactional = line.number<unsigned>() == 1;
  line.expect(" prefix: ");
  const std::string_view text = line.rest();
  // A prefix may hold anything, even what follows it: the right place is the one whose size is that of the rest.
  for (std::size_t at = text.find(", sz: "); at != text.npos; at = text.find(", sz: ", at + 1)) {
    TextScanner behind{text.substr(at + 6)};
    const auto size = behind.number<std::size_t>();
    if (!behind.take(" content:") || behind.rest().size() != size) continue;
    message.prefix = text.substr(0, at);
    message.content = behind.rest();
    line.cut(text.size());
    return message;
  }
  line.fail();
  return message;
}

}  // namespace pgpassage::migrate::cdc
