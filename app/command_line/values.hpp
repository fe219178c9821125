#pragma once

#include "app/command_line/grammar.hpp"

/// Options by the kind of value that they take.
namespace pgpassage::app {

[[noreturn]] void refuse(const std::string& option, const std::string& why);

/// An option whose value `set` reads; `set` refuses what it cannot read.
CLI::Option* add_value(CLI::App& app, const std::string& name, const std::string& value, const std::string& description,
                       const std::function<void(const std::string&)>& set);

/// Any text but an empty one.
CLI::Option* add_text(CLI::App& app, const std::string& name, const std::string& value, const std::string& description,
                      std::string& target);

/// Two texts of one option, none of them empty.
CLI::Option* add_value_pair(CLI::App& app, const std::string& name, const std::string& value,
                            const std::string& description, std::vector<std::string>& target);

/// A whole number from 1 to `most`.
CLI::Option* add_number(CLI::App& app, const std::string& name, const std::string& value,
                        const std::string& description, unsigned most, std::function<void(unsigned)> set);

/// An option that may be given again and again, each time with one text.
CLI::Option* add_texts(CLI::App& app, const std::string& name, const std::string& value, const std::string& description,
                       std::vector<std::string>& target);

/// A number of bytes: "500 MB", "2GB", "65536"; a kB is 1024 bytes, as PostgreSQL writes it.
CLI::Option* add_size(CLI::App& app, const std::string& name, const std::string& description,
                      std::function<void(std::int64_t)> set);

/// A value that is one of `words`, in any case. `Target` is Value or optional<Value>.
template <class Target, class Value>
CLI::Option* add_choice(CLI::App& app, const std::string& name, const std::string& description, Target& target,
                        std::vector<std::pair<std::string, Value>> words) {
  std::vector<std::string> spelled;
  for (const auto& word : words) spelled.push_back(word.first);
  const auto set = [&target, name, words, spelled](const std::string& text) {
    for (const auto& [word, value] : words)
      if (CLI::detail::to_lower(word) == CLI::detail::to_lower(text)) {
        target = value;
        return;
      }
    refuse(name, fmt::format("'{}' is not one of {}", text, fmt::join(spelled, ", ")));
  };
  return add_value(app, name, fmt::format("{}", fmt::join(spelled, "|")), description, set);
}

}  // namespace pgpassage::app
