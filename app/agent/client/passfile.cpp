#include "app/agent/client/passfile.hpp"

#include <sys/stat.h>

#include <array>
#include <fstream>
#include <iterator>

#include "app/environment.hpp"
#include "migrate/pg/password.hpp"
#include "migrate/state/record.hpp"

namespace pgpassage::app::agent {
namespace {

/// The next field of a line, with its backslashes taken off; the rest of the line stays in `line`. The last field, the
/// password, may have colons.
std::string next_field(std::string_view& line, bool last) {
  std::string field;
  while (!line.empty()) {
    char c = line.front();
    line.remove_prefix(1);
    if (c == ':' && !last) break;
    if (c == '\\' && !line.empty()) {
      c = line.front();
      line.remove_prefix(1);
    }
    field += c;
  }
  return field;
}

bool fits(std::string_view line, std::string_view host, std::string_view port, std::string_view user,
          std::string& password) {
  std::array<std::string, 4> fields;  // host, port, database, user
  for (std::string& field : fields) field = next_field(line, false);
  const auto same = [](const std::string& field, std::string_view value) { return field == "*" || field == value; };
  if (!same(fields[0], host) || !same(fields[1], port) || !same(fields[3], user)) return false;
  password = next_field(line, true);
  return true;
}

std::string read_passfile() {
  std::string path = environment_variable("PGPASSFILE");
  if (path.empty()) path = environment_variable("HOME") + "/.pgpass";
  struct stat status {};
  if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode) || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return {};
  std::ifstream file{path};
  return std::string{std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

std::string password_in(std::string_view passfile, std::string_view host, Port port, std::string_view user) {
  // A socket's directory is written as localhost there.
  if (host.empty() || host.front() == '/') host = "localhost";
  std::string password;
  while (!passfile.empty()) {
    std::string_view line = passfile.substr(0, passfile.find('\n'));
    passfile.remove_prefix(std::min(passfile.size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    if (fits(line, host, std::to_string(port), user, password)) return password;
  }
  return {};
}

Result<Login> login_for(const migrate::ServerAddress& server) {
  auto password = migrate::password_of(server);
  if (!password) return tl::unexpected(password.error());
  Login login{server.user, std::move(*password)};
  if (login.user.empty()) login.user = environment_variable("PGUSER");
  if (login.user.empty()) login.user = migrate::ProcessIdentity::self().account;
  if (login.password.empty()) login.password = environment_variable("PGPASSWORD");
  if (login.password.empty()) login.password = password_in(read_passfile(), server.host, server.port, login.user);
  return login;
}

}  // namespace pgpassage::app::agent
