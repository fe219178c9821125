#pragma once

#include <string>

#include "app/report/text_style.hpp"
#include "dns/zones/resolution.hpp"

/// How one name resolves on paper, hop by hop: what `trace --name` prints. Pure.
namespace pgpassage::app {

struct ResolutionReport {
  std::string file;  ///< as the user wrote it
  std::string name;  ///< likewise
  std::string from;  ///< the node
  dns::Resolution resolution;
};

/// The answer, and a ladder for every name of the chain.
std::string render_resolution_text(const ResolutionReport& report, const TextStyle& style);
/// One element of `names` of contract 4, with `hops`.
std::string render_resolution_json(const ResolutionReport& report);

}  // namespace pgpassage::app
