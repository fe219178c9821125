#include "program.hpp"

#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace pgpassage::app {

namespace fs = std::filesystem;

const char* const ready_topology = R"(apiVersion: pgpassage/v1
metadata:
  name: two-public-servers
servers:
  - name: orders-source
    kind: onPremises
    access: public
    fqdn: orders.contoso.example
    publicIpAddress: 20.60.1.1
    egressIpAddresses: [20.60.1.1]
    firewallRules:
      - {name: from-target, startIpAddress: 20.60.2.2, endIpAddress: 20.60.2.2}
  - name: orders-target
    kind: flexibleServer
    access: public
    fqdn: orders-target.postgres.database.azure.com
    publicIpAddress: 20.60.2.2
    egressIpAddresses: [20.60.2.2]
    location: westeurope
    firewallRules:
      - {name: from-source, startIpAddress: 20.60.1.1, endIpAddress: 20.60.1.1}
migration:
  name: orders-to-flexible
  source: orders-source
  target: orders-target
  databases: [orders]
)";

void Workplace::write(const std::string& name, const std::string& text) const {
  std::ofstream{folder_ / name, std::ios::binary} << text;
}

std::string Workplace::read(const std::string& name) const {
  std::ostringstream text;
  text << std::ifstream{folder_ / name, std::ios::binary}.rdbuf();
  return text.str();
}

std::size_t Workplace::files() const {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator{folder_.path()}, fs::directory_iterator{}));
}

ProgramResult Workplace::run(const std::string& command) const {
  const Workplace captured;
  const std::string binary_folder = fs::path{PGPASSAGE_BINARY}.parent_path().string();
  const std::string prelude = "cd '" + folder_.path().string() + "' && export PATH='" + binary_folder +
                              "':\"$PATH\" PGPASSAGE_HOME=\"$PWD/state\" LC_ALL=C.UTF-8; ";
  const std::string script = "{ " + prelude + command + "\n} >'" + captured.path("out").string() + "' 2>'" +
                             captured.path("err").string() + "'";
  const int status = std::system(script.c_str());
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return {code, captured.read("out"), captured.read("err")};
}

}  // namespace pgpassage::app
