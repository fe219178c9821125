#pragma once

#include <string>
#include <vector>

#include "netcheck/base/error.hpp"
#include "tests/lab/raise.hpp"

namespace pgpassage::lab {

/// The command line of pgpassage-lab.
struct Arguments {
  std::string verb;                ///< up, run, exec, apply, probe, hits, plan, down
  std::vector<std::string> names;  ///< file, node or probes: what is no option
  std::string state;               ///< absolute; empty: a temporary directory, for `run` only
  std::string node;                ///< run --in NODE
  Auth auth = Auth::trust;
  Servers servers = Servers::postgres;
  std::vector<std::string> command;  ///< after "--"
};

inline constexpr const char* usage =
    "pgpassage-lab: raises a topology file as real networks, DNS servers and PostgreSQL clusters\n"
    "  up FILE --state DIR [--auth trust|scram | --listeners]\n"
    "                                                raise it in the background; prints 'ready'; with --listeners\n"
    "                                                something that only listens stands for each server\n"
    "  run FILE [--state DIR] [--auth .. | --listeners] [--in NODE] -- COMMAND...\n"
    "                                                raise it, run the command inside, take it down\n"
    "  exec --state DIR NODE -- COMMAND...           run a command on that host or server\n"
    "  apply --state DIR FILE                        change filters, routes and names to those of FILE\n"
    "  probe --state DIR NODE:ADDRESS:PORT...        TCP connects, all at once, 300 ms\n"
    "  hits --state DIR                              filter rules that dropped packets\n"
    "  plan FILE                                     print what would be built\n"
    "  down --state DIR                              end it and remove DIR\n";

Result<Arguments> parse_arguments(const std::vector<std::string>& words);

}  // namespace pgpassage::lab
