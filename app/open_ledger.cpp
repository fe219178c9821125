#include "app/open_ledger.hpp"

#include "app/failure.hpp"

namespace pgpassage::app {

tl::expected<migrate::Ledger, int> open_ledger(const CommonOptions& common) {
  const auto home = migrate::home_directory();
  if (!home) return tl::unexpected(tell(common, home.error()));
  auto ledger = migrate::Ledger::open(*home);
  if (ledger) return std::move(*ledger);
  Error error = ledger.error();
  if (error.code != Errc::internal) error.code = Errc::input;  // the directory is the user's, and nothing was done
  return tl::unexpected(tell(common, error));
}

tl::expected<migrate::MigrationDetail, int> detail_of(const CommonOptions& common, migrate::Ledger& ledger,
                                                      const std::string& name) {
  const auto id = ledger.find(name);
  if (!id) return tl::unexpected(tell(common, id.error()));
  auto detail = ledger.detail(*id);
  if (!detail) return tl::unexpected(tell(common, detail.error()));
  return std::move(*detail);
}

}  // namespace pgpassage::app
