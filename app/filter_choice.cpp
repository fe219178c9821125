#include "app/filter_choice.hpp"

#include <fmt/format.h>

#include "app/input_file.hpp"

namespace pgpassage::app {
namespace {

using migrate::Filter;
using migrate::Pattern;

Result<std::string> text_of(const std::string& file) {
  return read_input(file, "a filter file").map_error([&](const Error& error) {
    return Error{Errc::input,
                 fmt::format("cannot read {}: {}", file, error.message),
                 {},
                 "give --filter a file that can be read"};
  });
}

void append(std::vector<std::string>& texts, const std::vector<Pattern>& patterns) {
  for (const Pattern& pattern : patterns) texts.push_back(pattern.text());
}

Result<void> add(std::vector<Pattern>& patterns, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    auto pattern = Pattern::of(text);
    if (!pattern) return tl::unexpected(std::move(pattern.error()));
    patterns.push_back(std::move(*pattern));
  }
  return {};
}

}  // namespace

Result<FilterOptions> with_filter_file(FilterOptions options) {
  if (options.file.empty()) return options;
  const auto text = text_of(options.file);
  if (!text) return tl::unexpected(text.error());
  Filter filter;
  if (auto added = add_filter_file(filter, *text, options.file); !added) return tl::unexpected(added.error());
  append(options.schemas, filter.schemas);
  append(options.excluded_schemas, filter.excluded_schemas);
  append(options.tables, filter.tables);
  append(options.excluded_tables, filter.excluded_tables);
  append(options.excluded_table_data, filter.excluded_rows);
  options.file.clear();
  return options;
}

Result<Filter> filter_of(const FilterOptions& options) {
  Filter filter{.schema_only = options.schema_only};
  auto added = add(filter.schemas, options.schemas);
  if (added) added = add(filter.excluded_schemas, options.excluded_schemas);
  if (added) added = add(filter.tables, options.tables);
  if (added) added = add(filter.excluded_tables, options.excluded_tables);
  if (added) added = add(filter.excluded_rows, options.excluded_table_data);
  if (!added) return tl::unexpected(added.error());
  if (const auto contradiction = contradiction_in(filter); !contradiction.empty())
    return fail(Errc::input, "{}", contradiction);
  return filter;
}

}  // namespace pgpassage::app
