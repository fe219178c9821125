#include "netcheck/topology/reader.hpp"

#include <fmt/format.h>

#include "netcheck/topology/document/document.hpp"
#include "netcheck/topology/reading/kinds.hpp"
#include "netcheck/topology/reading/resolve.hpp"

namespace pgpassage {
namespace {

using reading::Reading;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string_view without_byte_order_mark(std::string_view text) {
  return text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text;
}

bool lacks_migration(const document::Node& root) {
  if (root.kind != document::Kind::mapping) return false;
  const document::Node* migration = document::value_of(root, "migration");
  return migration == nullptr || migration->kind == document::Kind::null;
}

void resolve(Reading& reading, Topology& topology, const document::Document& document) {
  reading::Resolving all{reading, topology, reading::Places{document}, {}, {}, {}, {}, {}, {}, {}, {}, {}};
  for (const auto pass : {reading::resolve_names, reading::resolve_references, reading::check_networks,
                          reading::check_addresses, reading::check_dns, reading::resolve_rules})
    if (!reading.full()) pass(all);
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
  const auto document = format == TopologyFormat::json ? document::read_json(text) : document::read_yaml(text);
  if (!document) return only(document.error());
  Reading reading{*document};
  Topology topology;
  if (reading::read_fields(reading, document->root(), reading::kind_of<Topology>(), &topology))
    resolve(reading, topology, *document);
  if (!migration_for.empty() && lacks_migration(document->root()))
    reading.complain(Location{1, 1}, fmt::format("the file has no 'migration', which {} needs", migration_for),
                     "add migration: with name, source and target");
  auto diagnostics = reading.take_diagnostics();
  if (!diagnostics.empty()) return tl::unexpected(std::move(diagnostics));
  topology.notes = std::move(reading.notes);
  return topology;
}

}  // namespace pgpassage
