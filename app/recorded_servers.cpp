#include "app/recorded_servers.hpp"

#include "app/server_address.hpp"
#include "app/topology_file.hpp"

namespace pgpassage::app {

RecordedServers recorded_servers(const migrate::NewMigration& record) {
  RecordedServers servers{server_of(record.source), server_of(record.target)};
  if (record.topology_file.empty()) return servers;
  const auto file = open_topology(record.topology_file);
  if (!file) return servers;  // moved or broken since: .pgpass may still do
  const auto take = [&](migrate::ServerAddress& into, const std::string& name) {
    const Server* server = find_server(file->topology, name);
    if (!server) return;
    into.password_file = server->password_file;
    into.password_env = server->password_env;
    into.in_topology = true;
  };
  take(servers.source, record.source.server);
  take(servers.target, record.target.server);
  return servers;
}

}  // namespace pgpassage::app
