#include "app/agent/client/access.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <filesystem>

#include "app/environment.hpp"
#include "netcheck/base/address.hpp"

namespace pgpassage::app::agent {
namespace {

std::string first_of(const std::string& option, const char* name, const char* file) {
  if (!option.empty()) return option;
  if (std::string value = environment_variable(name); !value.empty()) return value;
  const std::string directory = configuration_directory();
  std::error_code ignored;
  const auto path = std::filesystem::path{directory} / file;
  return !directory.empty() && std::filesystem::exists(path, ignored) ? path.string() : "";
}

}  // namespace

std::string Address::display() const {
  const bool ipv6 = host.find(':') != host.npos;
  return fmt::format("{}://{}{}{}:{}", encrypted ? "https" : "http", ipv6 ? "[" : "", host, ipv6 ? "]" : "", port);
}

bool Address::loopback() const {
  const auto address = IpAddress::parse(host);
  return host == "localhost" || host == "::1" || (address && host.starts_with("127."));
}

Result<Address> address_of_url(const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  const auto wrong = [&](std::string_view why) {
    return fail_with_cure(Errc::input, "write https://10.20.2.4:7443", "'{}' is not the URL of an agent: {}", url, why);
  };
  if (!parsed) return wrong("it cannot be read");
  if (parsed->scheme() != "https" && parsed->scheme() != "http") return wrong("it begins with neither https nor http");
  if (parsed->has_userinfo()) return wrong("it names a user");
  if ((!parsed->encoded_path().empty() && parsed->encoded_path() != "/") || parsed->has_query())
    return wrong("it has more than host and port");
  Address address{parsed->scheme() == "https", std::string{parsed->host_address()}, 7443};
  if (parsed->has_port()) address.port = parsed->port_number();
  if (address.host.empty() || address.port == 0) return wrong("host or port is missing");
  if (!address.encrypted && !address.loopback()) return wrong("without TLS an agent is asked on this machine alone");
  return address;
}

std::string configuration_directory() {
  if (std::string base = environment_variable("XDG_CONFIG_HOME"); !base.empty()) return base + "/pgpassage/agent";
  if (std::string home = environment_variable("HOME"); !home.empty()) return home + "/.config/pgpassage/agent";
  return {};
}

Credentials credentials_of(const AgentAccess& options) {
  return {.tls = {.certificate = first_of(options.certificate, "PGPASSAGE_AGENT_CERT", "client.crt"),
                  .key = first_of(options.key, "PGPASSAGE_AGENT_KEY", "client.key"),
                  .ca = first_of(options.ca, "PGPASSAGE_AGENT_CA", "ca.crt"),
                  .revoked = {}},
          .token_file = first_of(options.token_file, "PGPASSAGE_AGENT_TOKEN_FILE", "token")};
}

std::string url_of(const AgentAccess& options) {
  return options.url.empty() ? environment_variable("PGPASSAGE_AGENT") : options.url;
}

}  // namespace pgpassage::app::agent
