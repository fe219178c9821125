#include "netcheck/topology/reading/reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "netcheck/topology/reading/suggest.hpp"

namespace pgpassage::reading {

void Reading::complain(const Node& at, std::string message, std::string suggestion) {
  complain(location_of(at), std::move(message), std::move(suggestion));
}

void Reading::complain(Location at, std::string message, std::string suggestion) {
  if (object_ != nullptr) broken_[key_of(location_of(*object_))].push_back(key_);
  if (diagnostics_.size() >= max_diagnostics) {
    more_ = true;
    return;
  }
  diagnostics_.push_back({at, std::move(message), std::move(suggestion)});
}

bool Reading::broken(Location object, std::initializer_list<std::string_view> keys) const {
  if (broken_.empty()) return false;
  const auto found = broken_.find(key_of(object));
  return found != broken_.end() && std::ranges::any_of(found->second, [&](std::string_view key) {
           return key == unknown_key || std::ranges::find(keys, key) != keys.end();
         });
}

void Reading::complain_at(std::string_view key, std::string message, std::string suggestion) {
  const Node* value = document::value_of(*object_, key);
  complain(value == nullptr ? *object_ : *value, std::move(message), std::move(suggestion));
}

std::string Reading::object_name() const {
  if (!name_.empty()) return name_;
  const Node* name = object_ == nullptr ? nullptr : document::value_of(*object_, "name");
  const bool named = name != nullptr && name->scalar() && noun_ != "metadata";
  return name_ = named ? fmt::format("{} {}", noun_, quoted(name->text())) : std::string{noun_};
}

std::vector<Diagnostic> Reading::take_diagnostics() {
  const auto place = [](const Diagnostic& d) { return std::tuple{d.location.line, d.location.column}; };
  std::stable_sort(diagnostics_.begin(), diagnostics_.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return place(a) < place(b); });
  diagnostics_.erase(std::unique(diagnostics_.begin(), diagnostics_.end()), diagnostics_.end());
  if (more_)
    diagnostics_.push_back({diagnostics_.back().location,
                            fmt::format("and more: reading ended at {} errors", max_diagnostics), "mend these first"});
  return std::move(diagnostics_);
}

std::string described(const Node& node) {
  switch (node.kind) {
    case Kind::null: return "nothing";
    case Kind::sequence: return "a list";
    case Kind::mapping: return "an object";
    case Kind::quoted: return fmt::format("the text {}", quoted(node.text()));
    case Kind::plain: return quoted(node.text());
  }
  return "nothing";
}

}  // namespace pgpassage::reading
