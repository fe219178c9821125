#include "netcheck/topology/reader.hpp"

#include <fmt/format.h>

#include "netcheck/topology/document/document.hpp"
#include "netcheck/topology/reading/in_pieces.hpp"
#include "netcheck/topology/reading/kinds.hpp"
#include "netcheck/topology/reading/resolve.hpp"

namespace pgpassage {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string_view without_byte_order_mark(std::string_view text) {
  return text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text;
}

}  // namespace

TopologyFormat format_of(std::string_view text) {
  const std::size_t first = without_byte_order_mark(text).find_first_not_of(" \t\r\n");
  const char start = first == text.npos ? '\0' : without_byte_order_mark(text)[first];
  return start == '{' || start == '[' ? TopologyFormat::json : TopologyFormat::yaml;
}

tl::expected<Topology, std::vector<Diagnostic>> read_topology(std::string_view text, std::string_view migration_for) {
  return read_topology(text, format_of(text), migration_for);
}

tl::expected<Topology, std::vector<Diagnostic>> read_topology(std::string_view text, TopologyFormat format,
                                                              std::string_view migration_for) {
  const auto only = [](Diagnostic diagnostic) { return tl::unexpected(std::vector{std::move(diagnostic)}); };
  const std::size_t most = format == TopologyFormat::json ? document::max_json_text_bytes : document::max_text_bytes;
  if (text.size() > most)
    return only({{1, 1}, fmt::format("the file has {} bytes, at most {} are read", text.size(), most), {}});
  text = without_byte_order_mark(text);
  if (format == TopologyFormat::json)
    if (auto topology = reading::read_in_pieces(text, migration_for)) return *std::move(topology);
  const auto document = format == TopologyFormat::json ? document::read_json(text) : document::read_yaml(text);
  if (!document) return only(document.error());
  reading::Reading reading{*document};
  Topology topology;
  read_fields(reading, document->root(), reading::kind_of<Topology>(), &topology);
  return resolved(reading, std::move(topology), document->root(), migration_for,
                  [&]() -> const document::Document& { return *document; });
}

}  // namespace pgpassage
