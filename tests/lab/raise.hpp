#pragma once

#include <string>
#include <vector>

#include "netcheck/base/error.hpp"
#include "tests/lab/plan.hpp"

/// Builds what a plan says, inside the enclosure. All paths are below `inside`.
namespace pgpassage::lab {

enum class Auth { trust, scram };
/// What answers at the servers: PostgreSQL, or a bare listener where only the network matters.
enum class Servers { postgres, listeners };

/// Names the first program that the lab needs and this machine lacks, with its Debian package.
Result<void> probe_programs(Servers servers = Servers::postgres);
/// Directory of initdb and postgres: $PGPASSAGE_LAB_PGBIN, else the newest of Debian's; empty when there is none.
std::string postgres_programs();

/// Namespaces, wires, routes, filters, DNS servers, PostgreSQL or listeners: ready for use when it returns.
Result<void> raise(const LabPlan& plan, Auth auth, Servers servers = Servers::postgres);

/// Changes routes, filters, names and resolv.conf of a running lab from one plan to another. Machines, wires and
/// clusters must be the same: what differs there is an error that names it, and nothing is changed.
/// Returns what was changed, one line each.
Result<std::vector<std::string>> apply(const LabPlan& now, const LabPlan& next);

/// Filter rules that dropped packets since they were loaded: "place  NSG/RULE/PRIORITY  packets".
Result<std::vector<std::string>> hits(const LabPlan& plan);

// The steps, shared by raise() and apply().
Result<void> configure_routes(const Place& place);
Result<void> load_filter(const Place& place);
Result<void> write_resolv_conf(const Place& place);
Result<void> start_name_server(const NameServer& server);
Result<void> stop_name_server(const NameServer& server);
/// Waits until the server answers, whatever it answers.
Result<void> await_name_server(const NameServer& server);

/// Where a program's output goes.
std::string log_path(const std::string& name);

}  // namespace pgpassage::lab
