#include "app/command_line/values.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace pgpassage::app {
namespace {

constexpr std::int64_t most_bytes = std::int64_t{1} << 50;

std::optional<std::int64_t> bytes_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 1) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  std::int64_t factor = 1;
  for (const std::string_view unit : {"B", "kB", "MB", "GB", "TB"}) {
    if (CLI::detail::to_lower(std::string{text}) == CLI::detail::to_lower(std::string{unit}) || text.empty())
      return number > most_bytes / factor ? std::nullopt : std::optional{number * factor};
    factor *= 1024;
  }
  return std::nullopt;
}

}  // namespace

void refuse(const std::string& option, const std::string& why) { throw CLI::ValidationError(option, why); }

CLI::Option* add_value(CLI::App& app, const std::string& name, const std::string& value, const std::string& description,
                       const std::function<void(const std::string&)>& set) {
  return app.add_option_function<std::string>(name, set, description)->type_name(value);
}

CLI::Option* add_text(CLI::App& app, const std::string& name, const std::string& value, const std::string& description,
                      std::string& target) {
  return add_value(app, name, value, description, [&target, name](const std::string& text) {
    if (text.empty()) refuse(name, "the value is empty");
    target = text;
  });
}

CLI::Option* add_value_pair(CLI::App& app, const std::string& name, const std::string& value,
                            const std::string& description, std::vector<std::string>& target) {
  return app
      .add_option_function<std::vector<std::string>>(
          name,
          [&target, name](const std::vector<std::string>& texts) {
            for (const std::string& text : texts)
              if (text.empty()) refuse(name, "the value is empty");
            target = texts;
          },
          description)
      ->type_name(value)
      ->expected(2);
}

CLI::Option* add_number(CLI::App& app, const std::string& name, const std::string& value,
                        const std::string& description, unsigned most, std::function<void(unsigned)> set) {
  return add_value(app, name, value, description, [set = std::move(set), name, most](const std::string& text) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 1 || number > most)
      refuse(name, fmt::format("'{}' is not a whole number from 1 to {}", text, most));
    set(number);
  });
}

CLI::Option* add_texts(CLI::App& app, const std::string& name, const std::string& value, const std::string& description,
                       std::vector<std::string>& target) {
  const auto set = [&target, name](const std::vector<std::string>& texts) {
    for (const auto& text : texts)
      if (text.empty()) refuse(name, "the value is empty");
    target = texts;
  };
  return app.add_option_function<std::vector<std::string>>(name, set, description)
      ->type_name(value)
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);  // or one would take every word up to the next option
}

CLI::Option* add_size(CLI::App& app, const std::string& name, const std::string& description,
                      std::function<void(std::int64_t)> set) {
  return add_value(app, name, "SIZE", description, [set = std::move(set), name](const std::string& text) {
    const auto bytes = bytes_of(text);
    if (!bytes) refuse(name, fmt::format("'{}' is no size: write 500MB, 2GB or a number of bytes", text));
    set(*bytes);
  });
}

}  // namespace pgpassage::app
