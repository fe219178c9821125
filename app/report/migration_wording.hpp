#pragma once

#include <string>
#include <utility>
#include <vector>

#include "app/report/text_style.hpp"
#include "migrate/state/record.hpp"

/// The words for what the ledger holds. Every format takes them from here, so that all say the same. Pure.
namespace pgpassage::app {

Tone tone_of(migrate::State state);

/// How the migration went, in one sentence.
std::string verdict_sentence(const migrate::MigrationRecord& record, migrate::Time now);
/// How a later verification ended; empty without one.
std::string later_sentence(const std::vector<migrate::LaterVerification>& later);

/// What it is about: labels, and what stands beside each.
std::vector<std::pair<std::string, std::string>> facts_of(const migrate::MigrationRecord& record);

std::string data_text(const migrate::DatabaseRecord& database);    ///< "1.5 GB of 3 GB"
std::string state_of(const migrate::VerificationRecord& record);   ///< "identical", "DIFFERS", "not compared"
std::string item_name(const migrate::VerificationRecord& record);  ///< a table's name, or what it is
/// "identical", "2 of 12 differ", "inconclusive: 1 of 12 could not be compared"
std::string agreement_text(const std::vector<migrate::VerificationRecord>& records);

}  // namespace pgpassage::app
