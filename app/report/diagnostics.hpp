#pragma once

#include <string>

#include "app/failure.hpp"
#include "netcheck/base/error.hpp"

/// The written form of failures. Pure.
namespace pgpassage::app {

/// `file:line:column: error: message (suggestion)`, one a line.
std::string render_text(const InputErrors& errors);

/// `pgpassage: error: message`, and the cure on a line of its own.
std::string render_text(const Error& error);

/// `{"errors": [{"file", "line", "column", "message", "suggestion"}]}`; what is not known is null.
std::string render_json(const InputErrors& errors);
std::string render_json(const Error& error);

}  // namespace pgpassage::app
