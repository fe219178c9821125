#include "app/agent/http/events.hpp"

#include <fmt/format.h>

#include "app/agent/http/reader.hpp"

namespace pgpassage::app::agent {

std::string to_wire(const ServerEvent& event) {
  std::string text;
  if (!event.id.empty()) text += fmt::format("id: {}\n", event.id);
  if (!event.type.empty()) text += fmt::format("event: {}\n", event.type);
  std::string_view rest = event.data;
  for (std::size_t end = 0; end != rest.npos; rest.remove_prefix(end == rest.npos ? rest.size() : end + 1)) {
    end = rest.find('\n');
    text += fmt::format("data: {}\n", rest.substr(0, end));
  }
  return text + "\n";
}

std::vector<ServerEvent> EventReader::put(std::string_view bytes) {
  std::vector<ServerEvent> events;
  waiting_ += bytes;
  std::size_t start = 0;
  for (std::size_t end; (end = waiting_.find('\n', start)) != waiting_.npos; start = end + 1) {
    std::string_view line{waiting_.data() + start, end - start};
    if (line.ends_with('\r')) line.remove_suffix(1);
    take_line(line, events);
  }
  waiting_.erase(0, start);
  overflow_ = overflow_ || waiting_.size() + event_.data.size() > most_response_bytes;
  return events;
}

void EventReader::take_line(std::string_view line, std::vector<ServerEvent>& into) {
  if (line.empty()) {
    if (event_.type.empty()) event_.type = "message";
    if (has_data_) into.push_back(std::move(event_));
    event_ = {};
    has_data_ = false;
    return;
  }
  const std::size_t colon = line.find(':');
  const std::string_view field = line.substr(0, colon);
  std::string_view value = colon == line.npos ? std::string_view{} : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "event") event_.type = value;
  if (field == "id" && value.find('\0') == value.npos) event_.id = value;
  if (field != "data") return;
  if (has_data_) event_.data += '\n';
  event_.data += value;
  has_data_ = true;
}

}  // namespace pgpassage::app::agent
