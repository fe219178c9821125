#include "migrate/engine/comparison.hpp"

#include <fmt/format.h>

#include <vector>

namespace pgpassage::migrate {
namespace {

template <class Predicate>
std::vector<std::string> names_of(const Verification& found, Predicate wanted) {
  std::vector<std::string> names;
  for (const auto& item : found.items)
    if (wanted(item)) names.push_back(fmt::format("{} {} {}", item.database, item.kind, item.name));
  return names;
}

std::string count_of(const std::vector<std::string>& objects) {
  return fmt::format("{} object{}", objects.size(), objects.size() == 1 ? "" : "s");
}

std::vector<std::string> differing(const Verification& found) {
  return names_of(found, [](const auto& item) { return item.compared && !item.identical; });
}

std::vector<std::string> not_read(const Verification& found) {
  return names_of(found, [](const auto& item) { return !item.compared; });
}

}  // namespace

std::string disagreement(const Verification& found) {
  if (const auto objects = differing(found); !objects.empty())
    return fmt::format("source and target differ in {}, first: {}", count_of(objects), objects.front());
  if (const auto objects = not_read(found); !objects.empty())
    return fmt::format("{} could not be compared, first: {}", count_of(objects), objects.front());
  return {};
}

bool has_difference(const Verification& found) { return !differing(found).empty(); }

Error unread(const Verification& found) {
  return {Errc::differs,
          disagreement(found),
          {},
          "why is listed under Verification; when that is mended, `pgpassage verify` of this migration compares again"};
}

Error difference(const Verification& found, std::int64_t writers) {
  Error error{Errc::differs,
              disagreement(found),
              {},
              "what differs is listed under Verification; stop writing to the source, then `pgpassage resume` this "
              "migration, which copies again what differs"};
  if (writers == 0) return error;
  error.message += fmt::format(
      "; probably the source was written to during the migration: it began {} writing transactions meanwhile", writers);
  error.cure =
      "stop every writer of the source, then `pgpassage resume` this migration, which copies again what differs and is "
      "listed under Verification";
  return error;
}

}  // namespace pgpassage::migrate
