#include "app/agent/api/fields.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace pgpassage::app::agent {

namespace json = boost::json;

Result<json::object> object_of(std::string_view text) {
  json::error_code error;
  json::value value = json::parse(json::string_view{text.data(), text.size()}, error);
  if (error) return fail(Errc::input, "the body is not JSON: {}", error.message());
  if (!value.is_object()) return fail(Errc::input, "the body is not a JSON object");
  return std::move(value.as_object());
}

Fields::Fields(const json::object& object, std::string path) : object_{object}, path_{std::move(path)} {}

std::string Fields::path_of(std::string_view name) const {
  return path_.empty() ? std::string{name} : fmt::format("{}.{}", path_, name);
}

void Fields::wrong(std::string_view name, std::string_view why) {
  if (first_wrong_.empty()) first_wrong_ = fmt::format("'{}' {}", path_of(name), why);
}

const json::value* Fields::find(std::string_view name, Need need) {
  known_.emplace_back(name);
  const json::value* value = object_.if_contains(json::string_view{name.data(), name.size()});
  if (value != nullptr && value->is_null()) value = nullptr;
  if (value == nullptr && need == Need::required) wrong(name, "is missing");
  return value;
}

std::string Fields::text(std::string_view name, Need need, std::size_t most_bytes) {
  const json::value* value = find(name, need);
  if (value == nullptr) return {};
  if (!value->is_string()) return wrong(name, "is not a string"), std::string{};
  const json::string& text = value->get_string();
  if (text.size() > most_bytes) wrong(name, fmt::format("is longer than {} bytes", most_bytes));
  if (text.find('\0') != text.npos) wrong(name, "has a zero byte");
  if (text.empty() && need == Need::required) wrong(name, "is empty");
  return first_wrong_.empty() ? std::string{text.data(), text.size()} : std::string{};
}

std::int64_t Fields::number(std::string_view name, std::int64_t least, std::int64_t most, std::int64_t otherwise) {
  const json::value* value = find(name, Need::optional);
  if (value == nullptr) return otherwise;
  if (value->is_int64() && value->get_int64() >= least && value->get_int64() <= most) return value->get_int64();
  wrong(name, fmt::format("is not a whole number from {} to {}", least, most));
  return otherwise;
}

bool Fields::flag(std::string_view name) {
  const json::value* value = find(name, Need::optional);
  if (value != nullptr && !value->is_bool()) wrong(name, "is neither true nor false");
  return value != nullptr && value->is_bool() && value->get_bool();
}

const json::array* Fields::array(std::string_view name, std::size_t most) {
  const json::value* value = find(name, Need::optional);
  if (value == nullptr) return nullptr;
  if (!value->is_array()) return wrong(name, "is not an array"), nullptr;
  if (value->get_array().size() > most) return wrong(name, fmt::format("has more than {} elements", most)), nullptr;
  return &value->get_array();
}

const json::object* Fields::object(std::string_view name, Need need) {
  const json::value* value = find(name, need);
  if (value == nullptr || value->is_object()) return value == nullptr ? nullptr : &value->get_object();
  return wrong(name, "is not an object"), nullptr;
}

std::vector<std::string> Fields::texts(std::string_view name, std::size_t most, std::size_t most_bytes) {
  std::vector<std::string> texts;
  const json::array* values = array(name, most);
  if (values == nullptr) return texts;
  for (const json::value& value : *values) {
    const json::string* text = value.if_string();
    if (text == nullptr || text->empty() || text->size() > most_bytes || text->find('\0') != text->npos)
      return wrong(name, fmt::format("has an element that is not a string of 1 to {} bytes", most_bytes)), texts;
    texts.emplace_back(text->data(), text->size());
  }
  return texts;
}

std::vector<std::int64_t> Fields::numbers(std::string_view name, std::size_t most, std::int64_t least,
                                          std::int64_t greatest) {
  std::vector<std::int64_t> numbers;
  const json::array* values = array(name, most);
  if (values == nullptr) return numbers;
  for (const json::value& value : *values) {
    const std::int64_t* number = value.if_int64();
    if (number == nullptr || *number < least || *number > greatest)
      return wrong(name, fmt::format("has an element that is not a whole number from {} to {}", least, greatest)),
             numbers;
    numbers.push_back(*number);
  }
  return numbers;
}

Result<void> Fields::end() {
  for (const auto& member : object_)
    if (std::ranges::find(known_, std::string_view{member.key().data(), member.key().size()}) == known_.end())
      wrong(std::string_view{member.key().data(), member.key().size()}.substr(0, 64), "is not known here");
  if (first_wrong_.empty()) return {};
  return fail(Errc::input, "{}", first_wrong_);
}

}  // namespace pgpassage::app::agent
