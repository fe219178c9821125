#pragma once

#include <string>
#include <string_view>

#include "app/options.hpp"
#include "app/probe_login.hpp"
#include "netcheck/base/address.hpp"
#include "netcheck/base/error.hpp"
#include "scenarios/observe/observe.hpp"

/// The bodies that a client sends, as JSON and as values. Pure. Their shapes are in openapi.yaml, which tests hold to
/// this code.
namespace pgpassage::app::agent {

/// POST /v1/probe.
struct ProbeRequest {
  std::string place;           ///< name of the host or server at which the client believes the agent to be
  IpAddress address;           ///< of that place: an agent whose machine does not have it refuses to answer for it
  std::string subnet;          ///< in which the place lies; empty: none is named
  std::vector<Cidr> prefixes;  ///< of that subnet: private networks overlap, and an address alone proves little
  scenarios::Questions questions;
  ProbeLogins logins;
  std::chrono::milliseconds time_limit{10'000};

  bool operator==(const ProbeRequest&) const = default;
};
Result<ProbeRequest> probe_request_of(std::string_view body);
std::string to_json(const ProbeRequest& request);

/// How the agent logs in to a server of the migration. Never written anywhere.
struct Login {
  std::string user;      ///< where the topology names none
  std::string password;  ///< empty: the agent's own libpq finds it, or none is needed

  bool operator==(const Login&) const = default;
};

/// Options of `migrate` as JSON, without what only the command line knows (URIs, agents, --dry-run).
std::string to_json(const MigrateOptions& options);
Result<MigrateOptions> migrate_options_of(std::string_view text);

/// POST /v1/migrations.
struct StartRequest {
  std::string topology;    ///< text of the file
  MigrateOptions options;  ///< with `file`, the operator's path, for the record
  Login source, target;
};
Result<StartRequest> start_request_of(std::string_view body);
std::string to_json(const StartRequest& request);

}  // namespace pgpassage::app::agent
