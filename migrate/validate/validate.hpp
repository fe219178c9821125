#pragma once

#include <optional>
#include <string>
#include <vector>

#include "migrate/pg/session.hpp"
#include "migrate/state/record.hpp"

/// The premigration validation (azure-facts 3.6 and 3.7) for offline migrations. Live, reads only.
///
/// Source: Microsoft Learn, "Premigration validation for the migration service" and "Known errors in the migration
/// service". No document lists every rule with its severity: codes are the documents', severities ours.
/// What only a superuser may create is Failed, and a Warning when the target's login is one (never so on Azure).
/// Not found out: free space of the target, which no SQL function shows to an ordinary role. Its whole size is judged
/// where it was said (`storageGb` of a topology); otherwise the item warns with what is needed.
namespace pgpassage::migrate {

struct ValidationRequest {
  ServerAddress source;
  ServerAddress target;
  std::vector<std::string> databases;
  bool overwrite = false;
  std::optional<int> target_storage_gb;  ///< size of the target's disk, where somebody said it
  Deadline connect_deadline;
};

/// Every item, the succeeded ones too, server level first. A server that cannot be reached is a failed item, and what
/// it would have answered is left out. Errors: a session that breaks afterwards.
boost::asio::awaitable<Result<std::vector<ValidationRecord>>> validate(ValidationRequest request);

/// True when nothing failed: warnings alone let a migration go on.
bool passed(const std::vector<ValidationRecord>& items);

}  // namespace pgpassage::migrate
