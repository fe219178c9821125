#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Server-sent events (WHATWG HTML, "Server-sent events"). Pure.
namespace pgpassage::app::agent {

struct ServerEvent {
  std::string type;  ///< "message" where the stream names none
  std::string data;  ///< lines joined by a line end
  std::string id;    ///< of this event; empty: it has none

  bool operator==(const ServerEvent&) const = default;
};

/// One event as text of the stream. `data` may hold line ends; `type` and `id` may not.
std::string to_wire(const ServerEvent& event);

/// What is written where nothing happens, so that either end notices when the other is gone.
inline constexpr std::string_view heartbeat = ":\n\n";

/// Events out of bytes, however they are cut. A line or an event over 64 MiB ends the stream: `overflow()`.
class EventReader {
 public:
  std::vector<ServerEvent> put(std::string_view bytes);
  bool overflow() const { return overflow_; }

 private:
  void take_line(std::string_view line, std::vector<ServerEvent>& into);

  std::string waiting_;
  ServerEvent event_;
  bool has_data_ = false;
  bool overflow_ = false;
};

}  // namespace pgpassage::app::agent
