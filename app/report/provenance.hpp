#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "app/report/document.hpp"
#include "app/report/text_style.hpp"

/// Where a report comes from: what an auditor needs to make it again. Pure.
namespace pgpassage::app {

struct Input {
  std::string role;  ///< "topology", "waivers"
  std::string file;  ///< as the user wrote it
  std::string sha256;
};

struct Provenance {
  std::string time;  ///< UTC, "2025-02-07T10:00:00Z"; empty: not known
  std::string host;  ///< where the report was made, and every probe that it has
  std::string account;
  std::vector<Input> inputs;
  std::string edition;
  std::vector<std::string> options;  ///< those that decide what is in it: "--no-live"
  std::vector<Fact> probes;          ///< what was probed, and from which place
};

Section provenance_section(const Provenance& provenance);
boost::json::object provenance_json(const Provenance& provenance);

/// The section as a text for people.
std::string provenance_text(const Provenance& provenance, const TextStyle& style);

}  // namespace pgpassage::app
