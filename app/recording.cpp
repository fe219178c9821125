#include "app/recording.hpp"

#include <tuple>

namespace pgpassage::app {

migrate::Observer recorded(migrate::Ledger& ledger, migrate::MigrationId id) {
  return {.advance = [&ledger, id](migrate::Event event,
                                   const migrate::Trouble& trouble) { return ledger.advance(id, event, trouble); },
          .note = [&ledger, id](std::string_view text) { std::ignore = ledger.note(id, text); },
          .database = [&ledger, id](const auto& record) { std::ignore = ledger.store(id, record); },
          .tables = [&ledger, id](const auto& records) { std::ignore = ledger.store(id, records); },
          .validated = [&ledger, id](const auto& records) { std::ignore = ledger.store(id, records); },
          .verified = [&ledger, id](const auto& found) { std::ignore = ledger.store(id, found); },
          .standing = [&ledger, id](const auto& standing) { return ledger.store(id, standing); },
          .joined_roles = [&ledger, id](const auto& roles) { return ledger.store_joined(id, roles); },
          .remains = [&ledger, id](const auto& texts) { std::ignore = ledger.store_remaining(id, texts); },
          .cancel_requested = [&ledger, id] { return ledger.cancel_requested(id).value_or(false); }};
}

}  // namespace pgpassage::app
