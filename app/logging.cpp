#include "app/logging.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>

#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <memory>
#include <mutex>

#include "app/report/json_text.hpp"
#include "app/report/text_style.hpp"

namespace pgpassage::app {
namespace {

std::string timestamp(spdlog::log_clock::time_point time) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(time)),
                     milliseconds % 1000);
}

std::string_view view(spdlog::string_view_t text) { return {text.data(), text.size()}; }

/// Messages carry names from files and words from servers: neither form lets them forge a line or move the cursor.
class LineFormatter final : public spdlog::formatter {
 public:
  explicit LineFormatter(bool as_json) : as_json_{as_json} {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const std::string line = as_json_ ? json_line(message) : text_line(message);
    out.append(line.data(), line.data() + line.size());
  }

  std::unique_ptr<formatter> clone() const override { return std::make_unique<LineFormatter>(as_json_); }

 private:
  static std::string json_line(const spdlog::details::log_msg& message) {
    boost::json::object object{{"time", timestamp(message.time)}};
    object["level"] = std::string_view{spdlog::level::to_string_view(message.level).data()};
    object["logger"] = view(message.logger_name);
    object["message"] = json_string(view(message.payload));
    return boost::json::serialize(object) + "\n";
  }

  static std::string text_line(const spdlog::details::log_msg& message) {
    return fmt::format("{} {} {}: {}\n", timestamp(message.time), spdlog::level::to_string_view(message.level).data(),
                       view(message.logger_name), printable(view(message.payload)));
  }

  bool as_json_;
};

struct Picture {
  std::mutex mutex;
  std::function<void()> clear, redraw;
};

Picture& picture() {
  static Picture shared;
  return shared;
}

class StandardError final : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    Picture& shared = picture();
    const std::lock_guard lock{shared.mutex};
    if (shared.clear) shared.clear();
    std::fwrite(line.data(), 1, line.size(), stderr);
    if (shared.redraw) shared.redraw();
  }
  void flush_() override { std::fflush(stderr); }
};

spdlog::level::level_enum level_of(const CommonOptions& common) {
  const auto level = spdlog::level::from_str(common.log_level.empty() ? "warn" : common.log_level);
  return common.quiet ? std::max(level, spdlog::level::err) : level;
}

}  // namespace

void share_standard_error(std::function<void()> clear, std::function<void()> redraw) {
  Picture& shared = picture();
  const std::lock_guard lock{shared.mutex};
  shared.clear = std::move(clear);
  shared.redraw = std::move(redraw);
}

spdlog::logger& log_of(const std::string& room) {
  static const auto silent = std::make_shared<spdlog::logger>("app", std::make_shared<spdlog::sinks::null_sink_mt>());
  const auto made = spdlog::get(room);  // the registry keeps it
  return made ? *made : *silent;
}

void set_up_logging(const CommonOptions& common) {
  const auto sink = std::make_shared<StandardError>();
  sink->set_formatter(std::make_unique<LineFormatter>(common.log_json));
  for (const char* room : {"netcheck", "dns", "scenarios", "migrate", "app", "agent"}) {
    auto logger = std::make_shared<spdlog::logger>(room, sink);
    logger->set_level(level_of(common));
    logger->flush_on(spdlog::level::info);
    spdlog::drop(room);
    spdlog::register_logger(std::move(logger));
  }
}

}  // namespace pgpassage::app
