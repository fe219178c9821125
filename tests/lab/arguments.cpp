#include "tests/lab/arguments.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

namespace pgpassage::lab {
namespace {

constexpr std::array verbs{"up", "run", "exec", "apply", "probe", "hits", "plan", "down"};

Result<void> set_option(Arguments& arguments, const std::string& name, const std::string& value) {
  if (name == "--state")
    arguments.state = std::filesystem::weakly_canonical(value).string();
  else if (name == "--in")
    arguments.node = value;
  else if (name == "--auth" && value == "trust")
    arguments.auth = Auth::trust;
  else if (name == "--auth" && value == "scram")
    arguments.auth = Auth::scram;
  else
    return fail(Errc::input, "'{} {}' is no option of pgpassage-lab", name, value);
  return {};
}

Result<void> complete(const Arguments& arguments) {
  const std::string& verb = arguments.verb;
  if (std::ranges::find(verbs, verb) == verbs.end())
    return fail(Errc::input, "'{}' is no command of pgpassage-lab", verb);
  const bool takes_name = verb != "hits" && verb != "down";
  if (takes_name && arguments.names.empty()) return fail(Errc::input, "{} needs a file or a node", verb);
  if (verb != "probe" && arguments.names.size() > (takes_name ? 1U : 0U))
    return fail(Errc::input, "'{}' is one argument too many (a command stands after --)", arguments.names.back());
  if ((verb == "run" || verb == "exec") && arguments.command.empty())
    return fail(Errc::input, "{} needs a command after --", verb);
  if (verb != "run" && verb != "plan" && arguments.state.empty())
    return fail(Errc::input, "{} needs --state DIR", verb);
  return {};
}

}  // namespace

Result<Arguments> parse_arguments(const std::vector<std::string>& words) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--") {
      arguments.command.assign(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
      break;
    }
    if (word == "--listeners") {
      arguments.servers = Servers::listeners;
    } else if (word.starts_with("--")) {
      if (i + 1 == words.size()) return fail(Errc::input, "{} needs a value", word);
      if (auto set = set_option(arguments, word, words[++i]); !set) return tl::unexpected(set.error());
    } else if (arguments.verb.empty()) {
      arguments.verb = word;
    } else {
      arguments.names.push_back(word);
    }
  }
  // `up FILE -- COMMAND` is `run FILE -- COMMAND`.
  if (arguments.verb == "up" && !arguments.command.empty()) arguments.verb = "run";
  if (auto whole = complete(arguments); !whole) return tl::unexpected(whole.error());
  return arguments;
}

}  // namespace pgpassage::lab
