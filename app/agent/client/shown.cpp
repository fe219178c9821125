#include "app/agent/client/shown.hpp"

#include "app/failure.hpp"
#include "app/output.hpp"

namespace pgpassage::app::agent {
namespace {

/// "\x1b[1;32m" at the start of `text`; 0: it does not begin with a colour.
std::size_t color_length(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  const std::size_t end = text.find_first_not_of("0123456789;", 2);
  return end != text.npos && text[end] == 'm' ? end + 1 : 0;
}

}  // namespace

std::string shown_safely(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const std::size_t next = std::min(text.find_first_of("\n\x1b"), text.size());
    safe += printable(text.substr(0, next));
    text.remove_prefix(next);
    if (text.empty()) break;
    const std::size_t kept = text.front() == '\n' ? 1 : color_length(text);
    safe += kept > 0 ? std::string{text.substr(0, kept)} : printable(text.substr(0, 1));
    text.remove_prefix(std::max<std::size_t>(kept, 1));
  }
  return safe;
}

std::string wanted_form(const CommonOptions& common) {
  if (common.format == Format::json) return {};
  const TextStyle style = result_style(common);
  return fmt::format("?as=text&color={}&unicode={}&width={}", style.color, style.unicode, style.width);
}

Result<std::string> ask_to_show(const CommonOptions& common, const AgentAccess& access, const std::string& url,
                                std::string method, std::string target) {
  auto client = Client::open(url, credentials_of(access));
  if (!client) return tl::unexpected(client.error());
  HttpRequest request{.method = std::move(method), .target = std::move(target)};
  request.keep_alive = false;
  auto answer = run(client->ask(std::move(request), deadline_in(std::chrono::seconds{30})));
  if (!answer) return tl::unexpected(answer.error());
  return common.format == Format::json ? std::move(answer->body) : shown_safely(answer->body);
}

int show(const CommonOptions& common, const AgentAccess& access, std::string method, std::string target) {
  const auto text = ask_to_show(common, access, url_of(access), std::move(method), std::move(target));
  if (!text) return tell(common, text.error());
  return finish(common, *text, ExitCode::success);
}

}  // namespace pgpassage::app::agent
