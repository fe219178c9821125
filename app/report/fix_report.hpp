#pragma once

#include <string>

#include "app/report/subject.hpp"
#include "app/report/text_style.hpp"
#include "netcheck/base/error.hpp"
#include "scenarios/fix/fix.hpp"

/// What `fix` prints. Pure.
namespace pgpassage::app {

/// The changes as they go into the user's file.
struct FixPatch {
  bool json = false;         ///< a JSON Patch (RFC 6902); else a unified diff
  Result<std::string> text;  ///< empty when nothing changes; an error when the file's layout does not allow it
};

std::string render_fix_text(const scenarios::fix::Fix& fix, const FixPatch& patch, const Subject& subject,
                            const TextStyle& style);

/// {"schemaVersion", "tool", "topology", "edition", "verdict" of the file as it stands, "outcome" (nothingToDo, fixed,
/// inconclusive, notFixable, unsupported), "verdictAfter", "changes": [{"rule", "because", "text", "azCli": [...],
/// "jsonPatch": [...]}], "newlyAllowed": {"complete", "flows": [{"from", "to", "protocol", "port",
/// "predicted"}]}, "left": [checks as in `check`], "patch": the diff or null, "patchError": null or why there is none,
/// "jsonPatch": the operations of all changes}
std::string render_fix_json(const scenarios::fix::Fix& fix, const FixPatch& patch, const Subject& subject);

}  // namespace pgpassage::app
