#pragma once

namespace pgpassage {

/// A place in the topology file, as an editor counts: the first character of the file is line 1, column 1.
/// Line 0 means that the value did not come from a file (a default, or a value made by a test).
struct Location {
  int line = 0;
  int column = 0;

  bool known() const { return line > 0; }
  bool operator==(const Location&) const = default;
};

}  // namespace pgpassage
