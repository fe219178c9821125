#include <fmt/format.h>

#include <array>

#include "netcheck/topology/document/document.hpp"
#include "netcheck/topology/reading/fields.hpp"
#include "netcheck/topology/reading/suggest.hpp"
#include "scenarios/rules/catalogue.hpp"
#include "scenarios/waivers/waivers.hpp"

namespace pgpassage::scenarios {
namespace {

using document::Document;
using document::Kind;
using document::Node;
using reading::Field;
using reading::Need;
using reading::ObjectKind;
using reading::quoted;
using reading::Reading;

std::string likely_rule(std::string_view wrong) {
  reading::Suggestion likely{wrong};
  for (const CatalogueRule& rule : all_rules()) likely.consider(rule.rule.id), likely.consider(rule.rule.name);
  return std::string{likely.best()};
}

bool read_words(Reading& reading, const Node& node, std::string& words) {
  if (!node.scalar() || node.text().find_first_not_of(" \t\r\n") == std::string_view::npos) {
    reading.complain(node, fmt::format("expected words, found {}", reading::described(node)));
    return false;
  }
  words = node.text();
  return true;
}

template <std::string Waiver::*Member>
void read_text(Reading& reading, const Node& node, void* waiver) {
  read_words(reading, node, static_cast<Waiver*>(waiver)->*Member);
}

void read_rule(Reading& reading, const Node& node, void* waiver) {
  std::string name;
  if (!read_words(reading, node, name)) return;
  const CatalogueRule* rule = find_rule(name);
  if (rule == nullptr)
    return reading.complain(node, fmt::format("no rule {} in the catalogue", quoted(name)), likely_rule(name));
  if (rule->decided == Decided::by_waivers)
    return reading.complain(node, fmt::format("{} speaks about waivers and cannot be waived itself", rule->rule.id),
                            "mend or remove the waiver that it speaks about");
  static_cast<Waiver*>(waiver)->rule = rule->rule.id;
}

/// Absent for what is no day of the calendar.
std::chrono::year_month_day day_of(std::string_view text) {
  constexpr std::string_view form = "dddd-dd-dd";
  bool fits = text.size() == form.size();
  for (std::size_t i = 0; fits && i < form.size(); ++i)
    fits = form[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == form[i];
  if (!fits) return {};
  const auto number = [&](std::size_t at, std::size_t digits) {
    return std::stoi(std::string{text.substr(at, digits)});
  };
  return std::chrono::year{number(0, 4)} / number(5, 2) / number(8, 2);
}

void read_expiry(Reading& reading, const Node& node, void* waiver) {
  const std::chrono::year_month_day day = node.scalar() ? day_of(node.text()) : std::chrono::year_month_day{};
  if (!day.ok())
    return reading.complain(node, fmt::format("expected a day, found {}", reading::described(node)),
                            "write it as 2025-06-30; it is the last day on which the waiver holds");
  static_cast<Waiver*>(waiver)->expiry = day;
}

constexpr std::array fields{Field{"rule", Need::required, "id or name of the rule", read_rule},
                            Field{"subject", Need::required, "subject of the finding", read_text<&Waiver::subject>},
                            Field{"reason", Need::required, "why it is accepted", read_text<&Waiver::reason>},
                            Field{"owner", Need::required, "who accepts it", read_text<&Waiver::owner>},
                            Field{"expiry", Need::required, "the last day on which it holds", read_expiry}};

constexpr ObjectKind waiver_kind{.noun = "waiver", .description = "something that is accepted", .fields = fields};

void read_entry(const Document& document, const Node& node, WaiverFile& file) {
  Reading reading{document};
  Waiver waiver;
  waiver.location = document.location_of(node);
  reading::read_fields(reading, node, waiver_kind, &waiver);
  std::vector<Diagnostic> errors = reading.take_diagnostics();
  if (errors.empty())
    file.waivers.push_back(std::move(waiver));
  else
    file.malformed.push_back({waiver.location, std::move(errors)});
}

Diagnostic no_list(const Document& document, const Node& at, std::string message) {
  return {document.location_of(at), std::move(message),
          "write a list of waivers, each with rule, subject, reason, owner and expiry"};
}

/// Keys beside the list.
void check_keys(const Document& document, std::vector<Diagnostic>& errors) {
  const Node& root = document.root();
  for (const Node* key = root.begin(); key != root.end(); key = key->after()->after())
    if (key->text() != "waivers" && key->text() != "apiVersion")
      errors.push_back(
          no_list(document, *key, fmt::format("unknown key {} in a file of waivers", quoted(key->text()))));
}

/// Where the list stands. What keeps the text from having one is in `errors`.
const Node& list_of(const Document& document, std::vector<Diagnostic>& errors) {
  const Node& root = document.root();
  if (root.kind == Kind::mapping) check_keys(document, errors);
  const Node* list = root.kind == Kind::mapping ? document::value_of(root, "waivers") : &root;
  if (list == nullptr) errors.push_back(no_list(document, root, "missing key 'waivers'"));
  if (list != nullptr && list->kind != Kind::sequence)
    errors.push_back(no_list(document, *list, "expected a list of waivers, found " + reading::described(*list)));
  return list == nullptr ? root : *list;
}

}  // namespace

tl::expected<WaiverFile, std::vector<Diagnostic>> read_waivers(std::string_view text) {
  const bool json = format_of(text) == TopologyFormat::json;
  const auto document = json ? document::read_json(text) : document::read_yaml(text);
  if (!document) return tl::unexpected(std::vector{document.error()});
  std::vector<Diagnostic> errors;
  const Node& list = list_of(*document, errors);
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  WaiverFile file;
  for (const Node* entry = list.begin(); entry != list.end(); entry = entry->after())
    read_entry(*document, *entry, file);
  return file;
}

}  // namespace pgpassage::scenarios
