#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "netcheck/base/finding.hpp"

/// The rule catalogue: what is checked, how much it matters, and where it is written down. Pure.
///
/// The rules are data: scenarios/rules/*.yaml, compiled in and read on first use. Keys of a rule there:
///   id, name, title, description   see Rule
///   severity    error | warning | info
///   grade       H needed for packets | D documented | A advice
///   documented  numbers in the documents' own list; a row of the matrix that asks for one of them asks for the rule
///   editions    where the rule holds; absent: everywhere
///   mandatoryIn editions in which a D that fails is an error
///   decided     file (absent) | live | reminder | waivers: what a file without an answer of the network decides
///   cases       {fails, passes}: the files of tests/cases/<name>/ that show the rule; exactly for what a file decides
///   remedy      text and az, with {names} that the finding fills in
///   remedyFor   {cause: {text, az}}: the cure of one cause, where it differs; `unknown` for a fact that the file lacks
///   cite        {document: key of documents.yaml, section}; with `ofRow` a finding cites the row's own section
///   instead;
///               `own` where no document says it: advice (A) of our own experience
///   citeIn      the same for single editions
namespace pgpassage::scenarios {

enum class Grade { needed, documented, advice };
/// By what a rule is decided: by the file, by the real network alone, not at all (it only reminds), or by the file of
/// waivers.
enum class Decided { by_file, live, reminder, by_waivers };

/// The lines of a case file that the rule is about, with those that enclose them.
struct RuleExample {
  std::string file;  ///< "tests/cases/zone-not-linked/runtime-vnet.yaml"; empty when the rule has none
  std::string text;  ///< YAML, without the lines that do not matter here
};

struct CatalogueRule {
  Rule rule;  ///< `cite` is the one of the default edition; empty when the rule is pgpassage's own reasoning
  Grade grade = Grade::needed;
  std::vector<std::string> numbers;       ///< Rule::documented, split
  std::vector<std::string> editions;      ///< empty: every edition
  std::vector<std::string> mandatory_in;  ///< editions
  bool own = false;                       ///< no document says it
  bool cites_row = false;
  std::map<std::string, Cite, std::less<>> cite_in;       ///< by edition
  Remedy remedy;                                          ///< templates
  std::map<std::string, Remedy, std::less<>> remedy_for;  ///< the same by cause
  Decided decided = Decided::by_file;
  RuleExample fails, passes;  ///< both given for what a file decides

  bool holds_in(std::string_view edition) const;
  bool mandatory(std::string_view edition) const;
  /// The rule's own citation for an edition, without regard to a row.
  Cite cite(std::string_view edition) const;
  /// The templates for a cause, or the rule's own.
  const Remedy& remedy_of(std::string_view cause) const;
};

/// Every rule, by id.
std::span<const CatalogueRule> all_rules();

/// The rule of that id or name, or null. Letters of an id may be small. The pointer lives as long as the program.
const CatalogueRule* find_rule(std::string_view id_or_name);

/// One entry of the documents' own list.
struct Requirement {
  std::string number;  ///< "C13", "S11-4"
  std::string grade;   ///< "H", "D", "A"; "D/H" where it is two rules with the same number (contract 6.3)
  std::string holds;   ///< what must hold, in words
};

/// The documents' list, in its order.
std::span<const Requirement> all_requirements();

/// The requirement of that number, its letter large or small, or null.
const Requirement* find_requirement(std::string_view number);

/// The rules that check a requirement, by id.
std::vector<const CatalogueRule*> rules_of(std::string_view number);

/// Values for the {names} of a remedy template.
using Names = std::vector<std::pair<std::string_view, std::string>>;

/// Replaces every {name} by its value. One that has no value becomes <name>: a person sees what is missing.
std::string fill(std::string_view text, const Names& names);

/// Reads rules in the form in which the YAML files are compiled in: JSON whose scalars are all strings. `documents`
/// maps keys to titles, `examples` names of rules to {fails, passes} with {file, text}. Throws std::exception for
/// anything else, which is a bug of ours: the tests read every file.
std::vector<CatalogueRule> read_rules(std::string_view json, std::string_view documents, std::string_view examples);
std::vector<Requirement> read_requirements(std::string_view json);

}  // namespace pgpassage::scenarios
