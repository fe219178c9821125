#pragma once

#include <string>
#include <string_view>

#include "migrate/apply/stream.hpp"

/// The bytes of the streaming replication protocol.
namespace pgpassage::migrate {

/// XLogData ('w') and primary keepalive ('k'). Errc::unsupported for anything else.
Result<Received> received_of(std::string_view bytes);

/// A standby status update ('r') that says that everything up to `safe` is written, flushed and applied.
std::string status_update(cdc::Lsn safe);

}  // namespace pgpassage::migrate
