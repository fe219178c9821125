#include "app/report/matrix_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>

#include "app/report/check_json.hpp"
#include "app/report/check_text.hpp"
#include "app/report/json_text.hpp"

namespace pgpassage::app {
namespace json = boost::json;
namespace {

using scenarios::MatrixRow;

std::string access_words(const MatrixRow& row) {
  std::vector<std::string_view> words;
  for (const ServerAccess access : row.source_access) words.emplace_back(to_string(access));
  return fmt::format("{}", fmt::join(words, "|"));
}

json::object row_json(const MatrixRow& row) {
  json::array kinds;
  for (const ServerKind kind : row.source_kinds) kinds.push_back(json::string{to_string(kind)});
  return {{"id", json_string(row.id)},
          {"title", json_string(row.title)},
          {"source", json_string(row.source)},
          {"sourceKinds", std::move(kinds)},
          {"sourceAccess", json_string(access_words(row))},
          {"target", to_string(ServerKind::flexible_server)},
          {"targetAccess", to_string(row.target_access)},
          {"supported", row.supported},
          {"path", row.path ? json::value(to_string(*row.path)) : nullptr},
          {"cite", cite_json(row.cite)}};
}

std::string row_text(const MatrixRow& row, const TextStyle& style) {
  const Tone tone = row.supported ? Tone::good : Tone::bad;
  const std::string mark = fmt::format("{} {:<5}", symbol(style, tone), row.id);
  std::string support = row.supported ? "supported" : "not supported";
  if (row.path) support += fmt::format(", path {}", scenarios::to_string(*row.path));
  return fmt::format("{} {}\n", paint(style, tone, mark), wrap(style, 8, row.title)) +
         fmt::format("        {}\n", wrap(style, 8,
                                          fmt::format("{} access to {}: {}", access_words(row),
                                                      to_string(row.target_access), support))) +
         fmt::format("        {}\n", wrap(style, 8, cite_text(row.cite)));
}

}  // namespace

Result<const scenarios::Edition*> edition_or_default(const std::string& id) {
  const scenarios::Edition* edition =
      scenarios::find_edition(id.empty() ? scenarios::default_edition : std::string_view{id});
  if (edition != nullptr) return edition;
  return fail_with_cure(Errc::input, fmt::format("editions are {}", fmt::join(scenarios::edition_ids(), ", ")),
                        "there is no edition '{}'", id);
}

std::string render_matrix_text(const scenarios::Edition& edition, const TextStyle& style) {
  std::string text = fmt::format("{}\n", wrap(style, 0, fmt::format("Edition {}: {}", edition.id, edition.title)));
  text += fmt::format("{}\n\n", wrap(style, 0, fmt::format("{}, {}", edition.document, edition.document_date)));
  for (const MatrixRow& row : edition.rows) text += row_text(row, style);
  return text + "\n" + wrap(style, 0, "A combination that no row names is not supported.") + "\n";
}

std::string render_matrix_json(const scenarios::Edition& edition) {
  json::array rows;
  for (const MatrixRow& row : edition.rows) rows.push_back(row_json(row));
  return json_text(json::object{{"edition", json_string(edition.id)}, {"rows", std::move(rows)}});
}

}  // namespace pgpassage::app
