#include "app/environment.hpp"

#include <cstdlib>

namespace pgpassage::app {

std::string environment_variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return value == nullptr ? "" : value;
}

}  // namespace pgpassage::app
