#include <fmt/format.h>

#include <boost/json.hpp>

#include "app/report/compare/compare.hpp"

namespace pgpassage::app {
namespace json = boost::json;
namespace {

/// A member that is a text; empty for anything else.
std::string text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

const json::object& object_of(const json::object& object, std::string_view name) {
  static const json::object none;
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_object() ? value->get_object() : none;
}

/// The members of a list that are objects.
std::vector<const json::object*> objects_of(const json::object& object, std::string_view name) {
  std::vector<const json::object*> objects;
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_array()) return objects;
  for (const json::value& element : value->get_array())
    if (element.is_object()) objects.push_back(&element.get_object());
  return objects;
}

bool flag_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

/// Words of checks, verdicts, states, flows and comparisons.
Standing standing_of(std::string_view word) {
  for (const std::string_view good : {"passed", "skipped", "ready", "allowed", "Succeeded", "identical"})
    if (word == good) return Standing::good;
  for (const std::string_view bad :
       {"failed", "notReady", "unsupported", "denied", "Failed", "ValidationFailed", "DIFFERS"})
    if (word == bad) return Standing::bad;
  if (word == "waived") return Standing::accepted;
  if (word == "warning" || word == "Warning" || word == "Canceled") return Standing::caution;
  return Standing::undecided;
}

JudgedItem check_item(const json::object& check) {
  const std::string status = text_of(check, "status");
  return {"check", fmt::format("{} {}, {}", text_of(check, "id"), text_of(check, "rule"), text_of(check, "subject")),
          status, standing_of(status), text_of(check, "message")};
}

/// What the paper says and, where it was asked, the network: the worse of both.
JudgedItem flow_item(const json::object& flow) {
  const std::string predicted = text_of(flow, "predicted"), observed = text_of(flow, "observed");
  const bool asked = !observed.empty() && observed != "notProbed";
  JudgedItem item{"flow",
                  fmt::format("{} from {}", text_of(flow, "id"), text_of(flow, "from")),
                  asked ? predicted + ", " + observed : predicted,
                  standing_of(predicted),
                  {}};
  if (asked && observed != "connected") item.standing = Standing::bad;
  return item;
}

std::string addresses_of(const json::object& answer) {
  std::string text;
  const json::value* addresses = answer.if_contains("addresses");
  if (addresses == nullptr || !addresses->is_array()) return text;
  for (const json::value& address : addresses->get_array())
    if (address.is_string()) text += (text.empty() ? "" : ", ") + std::string{address.get_string()};
  return text;
}

JudgedItem name_item(const json::object& name) {
  const json::object& predicted = object_of(name, "predicted");
  const std::string addresses = addresses_of(predicted), kind = text_of(predicted, "kind");
  const Standing standing = !addresses.empty()  ? Standing::good
                            : kind == "unknown" ? Standing::undecided
                                                : Standing::bad;
  return {"name", fmt::format("{} from {}", text_of(name, "name"), text_of(name, "from")),
          addresses.empty() ? kind : addresses, standing, text_of(predicted, "by")};
}

JudgedItem validation_item(const json::object& item) {
  const std::string database = text_of(item, "database"), state = text_of(item, "state");
  return {"validation",
          fmt::format("{} {}, {}{}{}", text_of(item, "rule"), text_of(item, "name"), database,
                      database.empty() ? "" : ": ", text_of(item, "subject")),
          state, standing_of(state), text_of(item, "message")};
}

JudgedItem verification_item(const json::object& item) {
  const std::string name = text_of(item, "name"), kind = text_of(item, "kind");
  const std::string state = !flag_of(item, "compared")   ? "not compared"
                            : flag_of(item, "identical") ? "identical"
                                                         : "DIFFERS";
  return {"verification", fmt::format("{}: {}", text_of(item, "database"), name.empty() ? kind : name), state,
          standing_of(state), text_of(item, "difference")};
}

template <class ToItem>
void add_items(std::vector<JudgedItem>& items, const json::object& report, std::string_view list, ToItem to_item) {
  for (const json::object* object : objects_of(report, list)) items.push_back(to_item(*object));
}

/// What was compared last is what holds.
void add_verification(std::vector<JudgedItem>& items, const json::object& report) {
  const auto later = objects_of(report, "laterVerifications");
  if (later.empty())
    add_items(items, report, "verification", verification_item);
  else
    add_items(items, *later.back(), "items", verification_item);
}

void add_heading(ReadReport& read, const json::object& report) {
  read.of_migration = report.contains("verification");
  read.verdict = text_of(report, read.of_migration ? "state" : "verdict");
  read.standing = standing_of(read.verdict);
  read.name = read.of_migration ? text_of(report, "name") : text_of(object_of(report, "topology"), "name");
  read.edition = text_of(report, "edition");
  read.time = text_of(object_of(report, "provenance"), "time");
  read.tool = text_of(object_of(report, "tool"), "version");
}

}  // namespace

Result<ReadReport> read_report(const std::string& file, const std::string& sha256, std::string_view text) {
  json::error_code wrong;
  const json::value parsed = json::parse(text, wrong);
  const json::object* report = !wrong && parsed.is_object() ? &parsed.get_object() : nullptr;
  const bool ours = report != nullptr && (report->contains("checks") || report->contains("verification"));
  if (!ours)
    return fail_with_cure(Errc::input, "make one with: pgpassage report SUBJECT --format json --output FILE",
                          "'{}' is no JSON report of pgpassage{}", file, wrong ? ": " + wrong.message() : "");
  ReadReport read{.file = file, .sha256 = sha256};
  add_heading(read, *report);
  add_items(read.items, *report, "checks", check_item);
  add_items(read.items, *report, "flows", flow_item);
  add_items(read.items, *report, "names", name_item);
  add_items(read.items, *report, "validation", validation_item);
  add_verification(read.items, *report);
  return read;
}

}  // namespace pgpassage::app
