#include "migrate/pg/password.hpp"

#include <cstdlib>
#include <fstream>

namespace pgpassage::migrate {

Result<std::string> password_of(const ServerAddress& server) {
  if (!server.password.empty()) return server.password;
  if (!server.password_file.empty()) {
    std::ifstream file{server.password_file};
    std::string line;
    if (!file)
      return fail_with_cure(Errc::input, "check that the file exists and is readable", "cannot read passwordFile {}",
                            server.password_file);
    std::getline(file, line);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return line;
  }
  if (server.password_env.empty()) return std::string{};
  const char* value = std::getenv(server.password_env.c_str());  // NOLINT(concurrency-mt-unsafe): nobody sets it
  if (value == nullptr)
    return fail_with_cure(Errc::input, "export it before starting pgpassage",
                          "the environment variable {} (passwordEnv) is not set", server.password_env);
  return std::string{value};
}

}  // namespace pgpassage::migrate
