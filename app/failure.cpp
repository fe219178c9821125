#include "app/failure.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "app/exit_code.hpp"
#include "app/output.hpp"
#include "app/report/diagnostics.hpp"
#include "app/version.hpp"

namespace pgpassage::app {
namespace {

/// The errors of a JSON user go where the result would have gone; when that cannot be written, one line is enough.
template <class Failure>
void put(const CommonOptions& common, const Failure& failure) {
  const std::string text = render_text(failure);
  std::fwrite(text.data(), 1, text.size(), stderr);
  if (common.format == Format::json) write_result({.format = Format::json}, render_json(failure));
}

}  // namespace

int tell(const CommonOptions& common, const InputErrors& errors) {
  put(common, errors);
  return static_cast<int>(ExitCode::wrong_input);
}

int tell(const CommonOptions& common, const Error& error) {
  if (error.code == Errc::internal) return tell_bug(common, error.message, {});
  put(common, error);
  return static_cast<int>(exit_code(error));
}

int tell_bug(const CommonOptions& common, std::string_view what, std::string_view file) {
  Error error{Errc::internal, fmt::format("internal error: {}", what), {}, {}};
  error.cure = fmt::format("This is a bug in pgpassage {}. Please report it to {}", version, report_bugs_at);
  if (!file.empty()) error.cure += fmt::format(" with the file {}", file);
  put(common, error);
  return static_cast<int>(ExitCode::internal);
}

}  // namespace pgpassage::app
