#pragma once

#include <string_view>

namespace pgpassage::migrate {

/// Where a test may want this process to die. A debug build appends `name` with the number of its passing to the file
/// of PGPASSAGE_KILL_LOG, and kills itself with SIGKILL at the passing that PGPASSAGE_KILL_AT names: "restore.entry:3"
/// is the third of that name, "12" the twelfth of all. Any other build does nothing. May be called from several
/// threads.
void kill_point(std::string_view name);

}  // namespace pgpassage::migrate
