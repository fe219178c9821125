#include <array>
#include <boost/url/params_view.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <vector>

#include "app/agent/api/service.hpp"

namespace pgpassage::app::agent {
namespace {

constexpr std::array<Route, 10> table{{{"GET", "/v1/health", &Service::health},
                                       {"GET", "/v1/version", &Service::version},
                                       {"POST", "/v1/probe", &Service::probe},
                                       {"GET", "/v1/migrations", &Service::list},
                                       {"POST", "/v1/migrations", &Service::start},
                                       {"GET", "/v1/migrations/{name}", &Service::show},
                                       {"GET", "/v1/migrations/{name}/events", &Service::events},
                                       {"POST", "/v1/migrations/{name}/cancel", &Service::cancel},
                                       {"POST", "/v1/migrations/{name}/cutover", &Service::not_in_this_version},
                                       {"POST", "/v1/migrations/{name}/resume", &Service::not_in_this_version}}};

std::vector<std::string> segments_of(std::string_view target) {
  std::vector<std::string> segments;
  const auto url = boost::urls::parse_origin_form(boost::core::string_view{target.data(), target.size()});
  if (!url) return segments;
  for (const auto& segment : url->segments()) segments.emplace_back(segment);
  return segments;
}

/// The path's one variable, or absent where it is another path.
std::optional<std::string> variable_of(std::string_view path, const std::vector<std::string>& segments) {
  std::string name;
  for (const std::string& segment : segments) {
    if (!path.starts_with('/')) return std::nullopt;
    path.remove_prefix(1);
    const std::string_view wanted = path.substr(0, path.find('/'));
    path.remove_prefix(wanted.size());
    if (wanted == "{name}" && !segment.empty())
      name = segment;
    else if (wanted != segment)
      return std::nullopt;
  }
  return path.empty() ? std::optional{name} : std::nullopt;
}

}  // namespace

std::optional<TextStyle> wanted_text(std::string_view target) {
  const auto url = boost::urls::parse_origin_form(boost::core::string_view{target.data(), target.size()});
  if (!url) return std::nullopt;
  const auto value = [&](std::string_view name) {
    for (const auto& parameter : url->params())
      if (parameter.key == name) return parameter.value;
    return std::string{};
  };
  if (value("as") != "text") return std::nullopt;
  TextStyle style{.color = value("color") == "true", .unicode = value("unicode") == "true"};
  int width = 0;
  const std::string text = value("width");
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), width);
  if (error == std::errc{} && width >= 40 && width <= 1000) style.width = width;
  return style;
}

std::span<const Route> routes() { return table; }

Match match(std::string_view method, std::string_view target) {
  Match result;
  const auto segments = segments_of(target);
  if (segments.empty()) return result;
  for (const Route& route : table) {
    const auto name = variable_of(route.path, segments);
    if (!name) continue;
    if (route.method == method) return {&route, *name, {}};
    result.allowed += fmt::format("{}{}", result.allowed.empty() ? "" : ", ", route.method);
  }
  return result;
}

}  // namespace pgpassage::app::agent
