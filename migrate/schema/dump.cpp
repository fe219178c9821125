#include "migrate/schema/dump.hpp"

#include <stdlib.h>

#include <fstream>
#include <iterator>

#include "migrate/pg/password.hpp"
#include "migrate/schema/secret_file.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

// Removed when it goes out of scope, whatever happened.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::error_code ignored;
    std::string name = fs::temp_directory_path(ignored) / "pgpassage-XXXXXX";
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// 'value' of a connection string: backslash before quote and backslash.
std::string quoted(std::string_view value) {
  std::string result{"'"};
  for (const char c : value) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result += '\'';
}

std::vector<std::string> dump_arguments(const ClientPrograms& programs, const std::string& connection,
                                        const std::string& snapshot, const std::string& encoding,
                                        const fs::path& archive) {
  // Sections rather than --schema-only, which would leave out the REFRESH of materialized views.
  return {programs.pg_dump,         "--format=custom",        "--compress=0",
          "--section=pre-data",     "--section=post-data",    "--no-blobs",
          "--no-tablespaces",       "--snapshot=" + snapshot, "--file=" + archive.string(),
          "--encoding=" + encoding, "--dbname=" + connection};
}

std::vector<std::string> script_arguments(const ClientPrograms& programs, const fs::path& archive,
                                          const fs::path& script) {
  return {programs.pg_restore, "--verbose", "--create", "--no-tablespaces", "--file=" + script.string(), archive};
}

// The archive's literals are written as standard_conforming_strings says, and every name may come quoted.
constexpr const char* exact_settings = " -c standard_conforming_strings=on -c quote_all_identifiers=off";

// A later keyword hides an earlier one.
std::string options_of(const ServerAddress& server) {
  std::string found;
  PQconninfoOption* options = PQconninfoParse(server.extra.c_str(), nullptr);
  for (auto* option = options; option != nullptr && option->keyword != nullptr; ++option)
    if (std::string_view{option->keyword} == "options" && option->val != nullptr) found = option->val;
  PQconninfoFree(options);
  return found;
}

// A password file of one line, for every server: pg_dump asks one.
Result<SecretFile> password_for_program(const ServerAddress& server) {
  const auto password = password_of(server);
  if (!password) return tl::unexpected(password.error());
  if (password->empty()) return SecretFile{};
  std::string line{"*:*:*:*:"};
  for (const char c : *password) {
    if (c == ':' || c == '\\') line += '\\';
    line += c;
  }
  return SecretFile::of(line + "\n");
}

Result<std::string> text_of(const fs::path& file) {
  std::ifstream stream{file, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{stream}, {}};
  if (!stream && !stream.eof()) return fail(Errc::io, "cannot read {}", file.string());
  return text;
}

}  // namespace

std::string connection_string(const ServerAddress& server, const std::string& database) {
  std::string result = server.extra;
  const auto add = [&](std::string_view keyword, std::string_view value) {
    if (!value.empty()) result += fmt::format("{}{}={}", result.empty() ? "" : " ", keyword, quoted(value));
  };
  add("host", server.host);
  if (server.address) add("hostaddr", server.address->to_string());
  add("port", std::to_string(server.port));
  add("user", server.user);
  add("sslmode", server.ssl_mode);
  add("dbname", database);
  add("options", options_of(server) + exact_settings);
  return result;
}

asio::awaitable<Result<std::vector<SchemaEntry>>> dump_schema(ClientPrograms programs, ServerAddress source,
                                                              std::string database, std::string snapshot,
                                                              std::string encoding) {
  const ScratchDirectory scratch;
  if (scratch.path().empty())
    co_return fail_with_cure(Errc::io, "set TMPDIR to a directory with room", "cannot make a temporary directory");
  const auto secret = password_for_program(source);
  if (!secret) co_return tl::unexpected(secret.error());
  const fs::path archive = scratch.path() / "schema.dump";
  const fs::path script = scratch.path() / "schema.sql";
  std::vector<std::string> environment;
  // An empty PGPASSWORD, because one of our own environment would come before the file.
  if (secret->descriptor() >= 0) environment = {"PGPASSFILE=" + secret->path(), "PGPASSWORD="};
  const auto dumped =
      co_await run_program(dump_arguments(programs, connection_string(source, database), snapshot, encoding, archive),
                           std::move(environment), secret->descriptor());
  if (!dumped) co_return tl::unexpected(dumped.error());
  const auto written = co_await run_program(script_arguments(programs, archive, script));
  if (!written) co_return tl::unexpected(written.error());
  const auto text = text_of(script);
  if (!text) co_return tl::unexpected(text.error());
  co_return read_script(*text);
}

}  // namespace pgpassage::migrate
