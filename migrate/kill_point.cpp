#include "migrate/kill_point.hpp"

#ifndef PGPASSAGE_KILL_POINTS

void pgpassage::migrate::kill_point(std::string_view) {}

#else

#include <signal.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <mutex>
#include <string>

namespace pgpassage::migrate {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

class Passings {
 public:
  void pass(const std::string& name) {
    const std::lock_guard lock{mutex_};
    const std::string of_name = name + ":" + std::to_string(++counts_[name]);
    const std::string of_all = std::to_string(++all_);
    if (!log_.empty()) std::ofstream{log_, std::ios::app} << of_name << '\n';
    if (at_ == of_name || at_ == of_all) raise(SIGKILL);
  }

 private:
  std::mutex mutex_;
  std::map<std::string, int> counts_;
  int all_ = 0;
  const std::string at_ = variable("PGPASSAGE_KILL_AT"), log_ = variable("PGPASSAGE_KILL_LOG");
};

}  // namespace

void kill_point(std::string_view name) {
  static Passings passings;
  passings.pass(std::string{name});
}

}  // namespace pgpassage::migrate

#endif
