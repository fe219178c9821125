#include "app/agent/api/requests.hpp"

#include <boost/json.hpp>

#include "app/agent/api/fields.hpp"
#include "app/agent/http/reader.hpp"
#include "app/report/json_text.hpp"

namespace pgpassage::app::agent {
namespace {

namespace json = boost::json;
using migrate::RoleHandling;
using migrate::VerifyDepth;
using Need = Fields::Need;

constexpr std::size_t most_questions = 4096, most_ports = 16, most_prefixes = 64, most_name_bytes = 255;

template <class Value>
std::optional<Value> choice(const std::string& text, std::string_view name, std::initializer_list<Value> values,
                            Result<void>& read) {
  if (text.empty()) return std::nullopt;
  for (const Value value : values)
    if (text == to_string(value)) return value;
  if (read) read = fail(Errc::input, "'{}' is not a value that it can have", name);
  return std::nullopt;
}

/// What is known of a session to begin, and how to log in.
Result<void> read_session(const json::value& value, const std::string& name, ProbeRequest& request) {
  if (!value.is_object()) return fail(Errc::input, "'questions.sessions' has an element that is not an object");
  Fields fields{value.get_object(), "questions.sessions"};
  Result<void> read;
  const auto port = static_cast<Port>(fields.number("port", 1, 65535, 0));
  netcheck::ConnectionParameters& known = request.questions[name][port];
  known.host = name;
  known.ssl_mode = choice(
      fields.text("sslMode", Need::optional), "questions.sessions.sslMode",
      {SslMode::disable, SslMode::allow, SslMode::prefer, SslMode::require, SslMode::verify_ca, SslMode::verify_full},
      read);
  known.user = fields.text("user", Need::optional);
  known.database = fields.text("database", Need::optional);
  if (const json::object* object = fields.object("login", Need::optional)) {
    Fields login{*object, "questions.sessions.login"};
    request.logins[{name, port}] = {login.text("user", Need::optional), login.text("password", Need::optional, 4096),
                                    login.flag("throughput")};
    if (auto whole = login.end(); !whole && read) read = whole;
  }
  if (auto whole = fields.end(); !whole) return whole;
  if (read && port == 0) return fail(Errc::input, "'questions.sessions.port' is missing");
  return read;
}

Result<void> read_question(const json::value& value, ProbeRequest& request) {
  if (!value.is_object()) return fail(Errc::input, "'questions' has an element that is not an object");
  Fields fields{value.get_object(), "questions"};
  const std::string name = fields.text("name", Need::required, most_name_bytes);
  const auto ports = fields.numbers("ports", most_ports, 1, 65535);
  const json::array* sessions = fields.array("sessions", most_ports);
  if (auto read = fields.end(); !read) return read;
  auto& question = request.questions[name];
  for (const std::int64_t port : ports) question[static_cast<Port>(port)].host = name;
  if (sessions == nullptr) return {};
  for (const json::value& session : *sessions)
    if (auto read = read_session(session, name, request); !read) return read;
  return {};
}

Login login_of(Fields& fields, std::string_view name, Result<void>& read) {
  const json::object* object = fields.object(name, Need::optional);
  if (object == nullptr) return {};
  Fields login{*object, std::string{name}};
  Login result{login.text("user", Need::optional), login.text("password", Need::optional, 4096)};
  if (auto whole = login.end(); !whole && read) read = whole;
  return result;
}

constexpr std::size_t most_patterns = 1024;

FilterOptions filter_of(const json::object* object, Result<void>& read) {
  FilterOptions filter;
  if (object == nullptr) return filter;
  Fields fields{*object, "options.filter"};
  filter.schemas = fields.texts("schemas", most_patterns);
  filter.excluded_schemas = fields.texts("excludeSchemas", most_patterns);
  filter.tables = fields.texts("tables", most_patterns);
  filter.excluded_tables = fields.texts("excludeTables", most_patterns);
  filter.excluded_table_data = fields.texts("excludeTableData", most_patterns);
  filter.schema_only = fields.flag("schemaOnly");
  if (auto whole = fields.end(); !whole && read) read = whole;
  return filter;
}

MigrateOptions options_of(const json::object* object, Result<void>& read) {
  MigrateOptions options;
  if (object == nullptr) return options;
  Fields fields{*object, "options"};
  options.name = fields.text("name", Need::optional);
  options.databases = fields.texts("databases", 8);
  options.mode = choice(fields.text("mode", Need::optional), "options.mode",
                        {MigrationMode::offline, MigrationMode::online}, read);
  options.option =
      choice(fields.text("option", Need::optional), "options.option",
             {MigrationOption::validate, MigrationOption::migrate, MigrationOption::validate_and_migrate}, read);
  options.overwrite = fields.flag("overwrite");
  options.verify = choice(fields.text("verify", Need::optional), "verify",
                          {VerifyDepth::none, VerifyDepth::counts, VerifyDepth::full}, read)
                       .value_or(options.verify);
  options.roles = choice(fields.text("roles", Need::optional), "roles",
                         {RoleHandling::none, RoleHandling::report, RoleHandling::create}, read)
                      .value_or(options.roles);
  options.edition = fields.text("edition", Need::optional);
  options.jobs = static_cast<unsigned>(fields.number("jobs", 1, 256, 0));
  options.index_jobs = static_cast<unsigned>(fields.number("indexJobs", 1, 256, 0));
  options.split_tables_larger_than = fields.number("splitTablesLargerThan", 1, std::int64_t{1} << 50, 0);
  options.load_settings = !fields.flag("noLoadSettings");
  options.filter = filter_of(fields.object("filter", Need::optional), read);
  if (const auto seconds = fields.number("outageTimeSeconds", 1, 86'400, 0); seconds > 0)
    options.outage_time = std::chrono::seconds{seconds};
  if (auto whole = fields.end(); !whole && read) read = whole;
  return options;
}

void add(json::object& object, std::string_view name, const std::string& value) {
  if (!value.empty()) object[name] = json_string(value);
}

void add(json::object& object, std::string_view name, const std::vector<std::string>& values) {
  if (values.empty()) return;
  json::array texts;
  for (const std::string& value : values) texts.push_back(json_string(value));
  object[name] = std::move(texts);
}

json::object to_object(const FilterOptions& filter) {
  json::object object;
  add(object, "schemas", filter.schemas);
  add(object, "excludeSchemas", filter.excluded_schemas);
  add(object, "tables", filter.tables);
  add(object, "excludeTables", filter.excluded_tables);
  add(object, "excludeTableData", filter.excluded_table_data);
  if (filter.schema_only) object["schemaOnly"] = true;
  return object;
}

json::object to_object(const Login& login) {
  json::object object;
  add(object, "user", login.user);
  // As it is: replacing what is no UTF-8 would make another password of it.
  if (!login.password.empty()) object["password"] = login.password;
  return object;
}

json::object to_object(const MigrateOptions& options) {
  json::object object;
  add(object, "name", options.name);
  add(object, "databases", options.databases);
  if (options.mode) object["mode"] = to_string(*options.mode);
  if (options.option) object["option"] = to_string(*options.option);
  if (options.overwrite) object["overwrite"] = true;
  if (options.verify != MigrateOptions{}.verify) object["verify"] = to_string(options.verify);
  if (options.roles != MigrateOptions{}.roles) object["roles"] = to_string(options.roles);
  add(object, "edition", options.edition);
  if (options.jobs != 0) object["jobs"] = options.jobs;
  if (options.index_jobs != 0) object["indexJobs"] = options.index_jobs;
  if (options.split_tables_larger_than != 0) object["splitTablesLargerThan"] = options.split_tables_larger_than;
  if (!options.load_settings) object["noLoadSettings"] = true;
  if (json::object filter = to_object(options.filter); !filter.empty()) object["filter"] = std::move(filter);
  if (options.outage_time) object["outageTimeSeconds"] = options.outage_time->count();
  return object;
}

json::object to_object(const ProbeLogin& login) {
  json::object object = to_object(Login{login.user, login.password});
  if (login.throughput) object["throughput"] = true;
  return object;
}

json::object question_json(const std::string& name, const scenarios::Questions::mapped_type& ports,
                           const ProbeLogins& logins) {
  json::array numbers, sessions;
  for (const auto& [port, known] : ports) {
    numbers.push_back(port);
    json::object session{{"port", port}};
    if (known.ssl_mode) session["sslMode"] = to_string(*known.ssl_mode);
    add(session, "user", known.user);
    add(session, "database", known.database);
    if (const auto login = logins.find({name, port}); login != logins.end())
      session["login"] = to_object(login->second);
    if (session.size() > 1) sessions.push_back(session);
  }
  json::object question{{"name", json_string(name)}, {"ports", numbers}};
  if (!sessions.empty()) question["sessions"] = sessions;
  return question;
}

}  // namespace

Result<ProbeRequest> probe_request_of(std::string_view body) {
  const auto object = object_of(body);
  if (!object) return tl::unexpected(object.error());
  Fields fields{*object};
  ProbeRequest request;
  request.place = fields.text("place", Need::required);
  const std::string address = fields.text("ipAddress", Need::required);
  request.time_limit = std::chrono::milliseconds{fields.number("timeLimitMilliseconds", 1, 120'000, 10'000)};
  request.subnet = fields.text("subnet", Need::optional);
  const auto prefixes = fields.texts("addressPrefixes", most_prefixes, 64);
  const json::array* questions = fields.array("questions", most_questions);
  if (const auto read = fields.end(); !read) return tl::unexpected(read.error());
  const auto parsed = IpAddress::parse(address);
  if (!parsed) return fail(Errc::input, "'ipAddress' is not an address");
  request.address = *parsed;
  for (const std::string& text : prefixes) {
    const auto prefix = Cidr::parse(text);
    if (!prefix) return fail(Errc::input, "'addressPrefixes' has an element that is not a prefix");
    request.prefixes.push_back(*prefix);
  }
  if (questions == nullptr) return request;
  for (const json::value& value : *questions)
    if (auto read = read_question(value, request); !read) return tl::unexpected(std::move(read.error()));
  return request;
}

std::string to_json(const ProbeRequest& request) {
  json::array questions;
  for (const auto& [name, ports] : request.questions) questions.push_back(question_json(name, ports, request.logins));
  json::object object{{"place", json_string(request.place)},
                      {"ipAddress", request.address.to_string()},
                      {"timeLimitMilliseconds", request.time_limit.count()},
                      {"questions", questions}};
  if (request.subnet.empty()) return json::serialize(object);
  json::array prefixes;
  for (const Cidr& prefix : request.prefixes) prefixes.push_back(json_string(prefix.to_string()));
  object["subnet"] = json_string(request.subnet);
  object["addressPrefixes"] = prefixes;
  return json::serialize(object);
}

std::string to_json(const MigrateOptions& options) { return json::serialize(to_object(options)); }

Result<MigrateOptions> migrate_options_of(std::string_view text) {
  const auto object = object_of(text);
  if (!object) return tl::unexpected(object.error());
  Result<void> read;
  MigrateOptions options = options_of(&*object, read);
  if (!read) return tl::unexpected(read.error());
  return options;
}

Result<StartRequest> start_request_of(std::string_view body) {
  const auto object = object_of(body);
  if (!object) return tl::unexpected(object.error());
  Fields fields{*object};
  Result<void> read;
  StartRequest request;
  request.topology = fields.text("topology", Need::required, most_request_bytes);
  request.options = options_of(fields.object("options", Need::optional), read);
  request.options.file = fields.text("file", Need::optional, 4096);
  request.source = login_of(fields, "source", read);
  request.target = login_of(fields, "target", read);
  if (read) read = fields.end();
  if (!read) return tl::unexpected(read.error());
  return request;
}

std::string to_json(const StartRequest& request) {
  json::object object{{"topology", json_string(request.topology)}, {"options", to_object(request.options)}};
  add(object, "file", request.options.file);
  object["source"] = to_object(request.source);
  object["target"] = to_object(request.target);
  return json::serialize(object);
}

}  // namespace pgpassage::app::agent
