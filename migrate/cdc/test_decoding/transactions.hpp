#pragma once

#include <string>

#include "migrate/cdc/change.hpp"
#include "migrate/cdc/test_decoding/scanner.hpp"

namespace pgpassage::migrate::cdc {

/// "BEGIN 529", "COMMIT 529 (at ...)", "PREPARE TRANSACTION 'gid', txid 529" and their kin. `lsn` is the message's own:
/// of what ends a transaction, the end of its record. A gid refers to `unquoted`. Nothing is left of the line when it
/// was one of these.
What read_transaction(TextScanner& line, Lsn lsn, std::string& unquoted);

/// Behind "message: ".
LogicalMessage read_logical_message(TextScanner& line, Lsn lsn);

}  // namespace pgpassage::migrate::cdc
