#include "app/report/subject.hpp"

#include <utility>

namespace pgpassage::app {

Subject subject_of(const Topology& topology, std::string file, std::string sha256, bool live) {
  Subject subject{std::move(file), std::move(sha256), topology.name, {}, {}, {}, {}, live};
  if (topology.migration) {
    subject.migration = topology.migration->name;
    subject.source = topology.migration->source;
    subject.target = topology.migration->target;
    subject.runtime_server = topology.migration->runtime_server;
  }
  return subject;
}

}  // namespace pgpassage::app
