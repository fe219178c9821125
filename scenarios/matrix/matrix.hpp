#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "netcheck/base/finding.hpp"
#include "netcheck/topology/topology.hpp"
#include "scenarios/verdict/assessment.hpp"

/// The documented scenario matrix, one table per documentation edition (contract 6.2, 6.5; azure-facts 0.1, 1.1). Pure.
///
/// The tables are data: scenarios/matrix/<edition>.yaml, compiled in. Only the edition that is asked for is read.
namespace pgpassage::scenarios {

/// One row of the matrix. It fits when the source's kind and access and the target's access are all listed.
struct MatrixRow {
  std::string id;      ///< "S01".."S12", "R3"; "S2F1" is the one cell of 2023 that no later edition has
  std::string title;   ///< source to target, in words
  std::string source;  ///< the source in the table's words
  std::vector<ServerKind> source_kinds;
  std::vector<ServerAccess> source_access;
  ServerAccess target_access = ServerAccess::public_access;  ///< the target is always a flexible server
  bool supported = false;
  std::optional<Path> path;               ///< absent when not supported
  std::vector<std::string> requirements;  ///< numbers of the rules that the row asks for: "C01", "S11-4"
  Cite cite;                              ///< `edition` is the document's, which an edition may take from an older one
};

struct Edition {
  std::string id;             ///< "2025-02"
  std::string title;          ///< what it is, in words
  std::string document;       ///< title of the document that holds the table
  std::string document_date;  ///< its stamp, year-month-day
  std::vector<MatrixRow> rows;
};

inline constexpr std::string_view default_edition = "2025-02";

/// Every edition's id, the oldest first.
std::span<const std::string_view> edition_ids();

/// The edition of that id, or null. Read on first use; lives as long as the program.
const Edition* find_edition(std::string_view id);

/// What decides the row (azure-facts 1.2). Declared access wins over what endpoints and names suggest (contract 6.4).
struct Classification {
  ServerKind source_kind = ServerKind::on_premises;
  ServerAccess source_access = ServerAccess::private_access;
  ServerKind target_kind = ServerKind::flexible_server;
  ServerAccess target_access = ServerAccess::public_access;

  bool operator==(const Classification&) const = default;
};

/// Classifies the two servers as they are declared. One exception is documented: a Single Server with public access
/// and an approved private endpoint is reached by its endpoint, so its access is privateEndpoint.
Classification classify(const Topology& topology, const Server& source, const Server& target);

/// The first row that fits, or null: the combination is not listed, which is not supported.
const MatrixRow* match(const Edition& edition, const Classification& combination);

/// The rows that come closest to a combination that is not listed, the best first, at most three: those
/// that differ in the fewest of the three points, and not in all of them.
std::vector<const MatrixRow*> nearest_rows(const Edition& edition, const Classification& combination);

/// "amazonRds with private access to flexibleServer with public access"
std::string describe(const Classification& combination);

/// The target of a row in words: "flexible server with public access".
std::string target_words(const MatrixRow& row);

}  // namespace pgpassage::scenarios
