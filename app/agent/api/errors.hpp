#pragma once

#include <string_view>

#include "app/agent/server/server.hpp"
#include "netcheck/base/error.hpp"

/// Errors across the wire: Errc <-> `code` of the API and its HTTP status. Pure.
namespace pgpassage::app::agent {

HttpResponse refusal(const Error& error);

/// The first error in a body; Errc::io with the status where the body has none.
Error error_of(int status, std::string_view body);

}  // namespace pgpassage::app::agent
