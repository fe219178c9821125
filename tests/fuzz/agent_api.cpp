// Whatever a client sends, the agent's reader ends, keeps its limits, and hands on only requests that say what they
// are.
#include <cstdlib>

#include "app/agent/api/answers.hpp"
#include "app/agent/api/errors.hpp"
#include "app/agent/api/requests.hpp"
#include "app/agent/api/service.hpp"
#include "app/agent/client/progress_of.hpp"
#include "app/agent/client/shown.hpp"
#include "app/agent/http/events.hpp"
#include "app/agent/http/reader.hpp"

namespace agent = pgpassage::app::agent;

namespace {

void read_body(const std::string& body) {
  if (const auto probe = agent::probe_request_of(body)) {
    const auto again = agent::probe_request_of(agent::to_json(*probe));
    if (!again || !(*again == *probe)) std::abort();
  }
  if (const auto order = agent::start_request_of(body)) {
    const auto again = agent::start_request_of(agent::to_json(*order));
    if (!again || !(again->source == order->source) || again->topology != order->topology) std::abort();
  }
}

// The other direction: an agent that is none must not do harm either.
void read_as_client(std::string_view text) {
  agent::ResponseReader reader;
  if (reader.put(text) == agent::Reading::whole) agent::error_of(reader.status(), reader.body());
  agent::EventReader events;
  for (const auto& event : events.put(text))
    if (const auto progress = agent::progress_of(event.data)) (void)agent::end_of(event.data);
  (void)agent::answers_of(text);
  for (const char c : agent::shown_safely(text))
    if (static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\x1b') std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  agent::RequestReader reader{4096};
  agent::Reading reading = reader.put(text.substr(0, size / 2));
  if (reading == agent::Reading::header || reading == agent::Reading::body) reading = reader.put(text.substr(size / 2));
  while (reading == agent::Reading::whole) {
    const agent::HttpRequest request = reader.take();
    if (request.body.size() > 4096) std::abort();
    const agent::Match match = agent::match(request.method, request.target);
    if (match.route != nullptr && match.route->method != request.method) std::abort();
    (void)agent::wanted_text(request.target);
    read_body(request.body);
    reading = reader.put({});
  }
  read_body(std::string{text});
  read_as_client(text);
  return 0;
}
