#pragma once

#include <yaml.h>

#include <string_view>

/// libyaml's events of a text, one after the other.
namespace pgpassage::document {

struct YamlEvent {
  yaml_event_t state{};
  YamlEvent() = default;
  ~YamlEvent() { yaml_event_delete(&state); }
  YamlEvent(const YamlEvent&) = delete;
  YamlEvent& operator=(const YamlEvent&) = delete;
};

class YamlParser {
 public:
  /// The text, in UTF-8, must outlive the parser.
  explicit YamlParser(std::string_view text) {
    yaml_parser_initialize(&state_);
    yaml_parser_set_encoding(&state_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&state_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  ~YamlParser() { yaml_parser_delete(&state_); }
  YamlParser(const YamlParser&) = delete;
  YamlParser& operator=(const YamlParser&) = delete;

  /// False when the text is no YAML; state() says why. The last event is YAML_STREAM_END_EVENT.
  bool next(YamlEvent& event) { return yaml_parser_parse(&state_, &event.state) != 0; }
  const yaml_parser_t& state() const { return state_; }

 private:
  yaml_parser_t state_;
};

}  // namespace pgpassage::document
