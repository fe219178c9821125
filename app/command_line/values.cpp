#include "app/command_line/values.hpp"

#include <charconv>

namespace pgpassage::app {

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

}  // namespace pgpassage::app
