#pragma once

#include <boost/json/object.hpp>
#include <memory>
#include <string>
#include <vector>

#include "app/report/text_style.hpp"
#include "app/report/waived.hpp"
#include "netcheck/base/finding.hpp"

/// A report as values, of a check or of a migration: Markdown, HTML, JUnit XML and SARIF are all drawn from it, so that
/// every format has the same facts. All strings are as the file and the servers gave them; each format makes them safe.
namespace pgpassage::app {

struct Fact {
  std::string label;
  std::string text;
  bool command = false;  ///< for a shell: kept as it is
};

struct Cell {
  std::string text;
  Tone tone = Tone::plain;  ///< a word always says the same: the text itself
};

/// The first cell of a row names the row.
struct Table {
  std::string caption;
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;
};

/// A finding, flow or name: what it is, and everything about it.
struct Entry {
  Tone tone = Tone::plain;
  std::string word;  ///< what `tone` means: "error", "allowed"
  std::string title;
  std::string text;
  std::size_t reference = 0;  ///< number of the source that it cites, from 1; 0: none
  std::vector<Fact> facts;
  std::vector<Table> tables;
};

struct Section {
  std::string id;  ///< unique in the document: letters and hyphens
  std::string title;
  std::vector<std::string> paragraphs;
  std::vector<Fact> facts;
  std::vector<Table> tables;
  std::vector<Entry> entries;
  std::string picture;               ///< SVG of ours; empty: none. Its facts are in the tables as well
  bool of_findings = false;          ///< what JUnit and SARIF write as test cases and results
  std::vector<std::string> sources;  ///< numbered from 1: what `Entry::reference` speaks of
};

struct Document {
  std::string title;
  Tone tone = Tone::plain;
  std::string verdict;   ///< a word or two: "NOT READY"
  std::string sentence;  ///< the verdict in one sentence
  std::vector<Cell> counts;
  std::vector<Fact> facts;
  std::vector<Section> sections;
};

struct Report {
  Document document;
  std::string name;  ///< of the topology or migration
  std::string file;  ///< in which the findings' locations lie, as the user wrote it; empty: they have none
  std::string sha256;
  std::vector<Finding> findings;
  boost::json::object json;                ///< the whole, as --format json writes it
  std::string time = {}, host = {};        ///< of its making; empty: not known
  std::shared_ptr<const void> rules = {};  ///< keeps the findings' rules alive, when the catalogue has them not
  WaiversUsed waivers = {};
};

/// The facts as text: the document's own, and those of its sections.
std::string render_markdown(const Document& document);
/// One file that needs no other, no script and no network, for screens and paper.
std::string render_html(const Document& document);
/// The Markdown of the sections of those ids alone, for a format that has no place of its own for them.
std::string render_markdown(const Document& document, const std::vector<std::string>& sections);

}  // namespace pgpassage::app
