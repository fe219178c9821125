#include <boost/json.hpp>

#include "app/report/check_json.hpp"
#include "app/report/fix_report.hpp"
#include "app/report/json_text.hpp"

namespace pgpassage::app {
namespace json = boost::json;
namespace {

using scenarios::fix::Fix;

json::array operations_json(const Fix& fix, const scenarios::fix::MadeChange* only) {
  std::vector<editing::Operation> operations;
  std::size_t at = 0;
  for (const scenarios::fix::MadeChange& made : fix.changes)
    for (std::size_t i = 0; i < made.change.edits.size(); ++i, ++at)
      if (only == nullptr || only == &made) operations.push_back(fix.operations[at]);
  return editing::patch_of(operations).get_array();
}

json::array changes_json(const Fix& fix) {
  json::array changes;
  for (const scenarios::fix::MadeChange& made : fix.changes) {
    const auto list = [](const std::vector<std::string>& commands) {
      json::array array;
      for (const std::string& command : commands) array.push_back(json_string(command));
      return array;
    };
    changes.push_back(json::object{{"rule", json_string(made.rule)},
                                   {"because", json_string(made.because)},
                                   {"text", json_string(made.change.text)},
                                   {"azCli", list(made.change.az_cli)},
                                   {"otherCli", list(made.change.other_cli)},
                                   {"jsonPatch", operations_json(fix, &made)}});
  }
  return changes;
}

json::object opened_json(const scenarios::fix::Opened& opened) {
  json::array flows;
  for (const scenarios::fix::OpenedFlow& flow : opened.flows)
    flows.push_back(json::object{{"from", json_string(flow.from)},
                                 {"to", json_string(flow.to)},
                                 {"protocol", flow.protocol == Protocol::udp ? "udp" : "tcp"},
                                 {"port", flow.port},
                                 {"predicted", flow.allowed ? "allowed" : "unknown"}});
  return {{"complete", opened.complete}, {"flows", std::move(flows)}};
}

}  // namespace

std::string render_fix_json(const Fix& fix, const FixPatch& patch, const Subject& subject) {
  json::object object = heading_json(subject);
  object["edition"] = json_string(fix.before.assessment.edition);
  object["verdict"] = to_string(fix.before.assessment.verdict);
  object["outcome"] = to_string(fix.outcome);
  object["verdictAfter"] = to_string(fix.after.assessment.verdict);
  object["changes"] = changes_json(fix);
  object["newlyAllowed"] = opened_json(fix.opened);
  json::array left;
  for (const Finding& finding : fix.left) left.push_back(finding_json(finding, subject.file));
  object["left"] = std::move(left);
  const bool diff = !patch.json && patch.text && !patch.text->empty();
  object["patch"] = diff ? json::value(json_string(*patch.text)) : nullptr;
  object["patchError"] = patch.text ? json::value(nullptr) : json::value(json_string(patch.text.error().message));
  object["jsonPatch"] = operations_json(fix, nullptr);
  return json_text(object);
}

}  // namespace pgpassage::app
