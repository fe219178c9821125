#include "app/agent/api/requests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/agent/api/answers.hpp"
#include "app/agent/api/errors.hpp"
#include "app/agent/api/service.hpp"
#include "app/agent/client/access.hpp"
#include "app/agent/client/client.hpp"
#include "app/agent/client/passfile.hpp"
#include "app/agent/client/progress_of.hpp"
#include "app/agent/client/shown.hpp"

namespace pgpassage::app::agent {
namespace {

using netcheck::Observed;
using testing::HasSubstr;

ProbeRequest probe() {
  const netcheck::ConnectionParameters orders{
      .host = "orders.contoso.example", .ssl_mode = SslMode::verify_full, .user = "migrator", .database = "orders"};
  return {.place = "vm-crossing",
          .address = *IpAddress::parse("10.20.2.4"),
          .subnet = "snet-tools",
          .prefixes = {*Cidr::parse("10.20.2.0/24")},
          .questions = {{"orders.contoso.example", {{5432, orders}, {6432, {.host = "orders.contoso.example"}}}},
                        {"only-a-name.example", {}}},
          .logins = {{{"orders.contoso.example", 5432}, {"", "s3:\\\"cret\n", true}}},
          .time_limit = std::chrono::milliseconds{2500}};
}

TEST(AgentRequests, AProbeComesBackAsItWasWritten) {
  const auto read = probe_request_of(to_json(probe()));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, probe());
}

TEST(AgentRequests, AnOrderComesBackAsItWasWritten) {
  StartRequest order{.topology = "a: \"b\"\n", .options = {}, .source = {"mover", "s3:\\\"cret\n"}, .target = {}};
  order.options.file = "/srv/x.yaml";
  order.options.databases = {"orders", "Billing \"x\""};
  order.options.option = MigrationOption::validate;
  order.options.overwrite = true;
  order.options.jobs = 7;
  const auto read = start_request_of(to_json(order));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->topology, order.topology);
  EXPECT_EQ(read->source, order.source);
  EXPECT_EQ(read->target, order.target);
  EXPECT_EQ(read->options.file, order.options.file);
  EXPECT_EQ(read->options.databases, order.options.databases);
  EXPECT_EQ(read->options.option, order.options.option);
  EXPECT_FALSE(read->options.mode);
  EXPECT_TRUE(read->options.overwrite);
  EXPECT_EQ(read->options.jobs, 7U);
}

struct Wrong {
  const char* body;
  const char* message;
};

TEST(AgentRequests, WhatIsWrongIsNamed) {
  for (const Wrong& wrong : {Wrong{"", "not JSON"},
                             {"[]", "not a JSON object"},
                             {"{}", "'topology' is missing"},
                             {R"({"topology": 1})", "'topology' is not a string"},
                             {R"({"topology": ""})", "'topology' is empty"},
                             {R"({"topology": "a", "colour": 1})", "'colour' is not known"},
                             {R"({"topology": "a", "source": {"password": 1}})", "'source.password' is not a string"},
                             {R"({"topology": "a", "source": {"pass": ""}})", "'source.pass' is not known"},
                             {R"({"topology": "a", "options": {"mode": "Fast"}})", "'options.mode'"},
                             {R"({"topology": "a", "options": {"jobs": 0}})", "'options.jobs' is not a whole number"},
                             {R"({"topology": "a", "options": {"databases": [1]}})", "'options.databases'"}}) {
    const auto read = start_request_of(wrong.body);
    ASSERT_FALSE(read) << wrong.body;
    EXPECT_THAT(read.error().message, HasSubstr(wrong.message));
  }
  const auto port = probe_request_of(R"({"place":"a","ipAddress":"1.2.3.4","questions":[{"name":"a","ports":[0]}]})");
  ASSERT_FALSE(port);
  EXPECT_THAT(port.error().message, HasSubstr("'questions.ports'"));
  EXPECT_FALSE(probe_request_of(R"({"place":"a","ipAddress":"here"})"));
  EXPECT_FALSE(probe_request_of(std::string(1000, '[')));
}

TEST(AgentRequests, NoErrorRepeatsAPassword) {
  const auto read = start_request_of(R"({"topology":"a","target":{"password":"geheim","x":"geheim"}})");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, testing::Not(HasSubstr("geheim")));
}

TEST(AgentAnswers, ComeBackAsTheyWereWritten) {
  scenarios::Answers answers;
  answers["a.example"].lookup = dns::Lookup{.name = "a.example",
                                            .status = dns::LookupStatus::answered,
                                            .chain = {"a.example", "b.example"},
                                            .addresses = {*IpAddress::parse("10.0.0.1"), *IpAddress::parse("fd00::1")},
                                            .server = "10.0.0.53",
                                            .elapsed = std::chrono::milliseconds{3},
                                            .ttl_seconds = 10};
  answers["a.example"].probes[5432] = {{.observed = Observed::refused,
                                        .address = *IpAddress::parse("10.0.0.1"),
                                        .port = 5432,
                                        .elapsed = std::chrono::milliseconds{2},
                                        .tls_offered = true,
                                        .detail = "words"}};
  answers["late.example"];
  const std::string text = to_json({"vm", "it has 10.0.0.4", answers});
  const auto read = answers_of(text);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(to_json(*read), text);
  EXPECT_FALSE(read->answers.at("late.example").lookup);
  EXPECT_EQ(read->answers.at("a.example").probes.at(5432).front().observed, Observed::refused);
  for (const char* wrong : {"", "{}", R"({"answers":[{"name":"a"}]})", R"({"answers":[1]})"})
    EXPECT_FALSE(answers_of(wrong)) << wrong;
}

TEST(AgentRoutes, NamesAreDecodedAndMethodsKnown) {
  EXPECT_EQ(match("GET", "/v1/migrations/db1%3A5432%2Forders/events?as=text").name, "db1:5432/orders");
  EXPECT_EQ(match("GET", "/v1/health").route->handler, &Service::health);
  EXPECT_EQ(match("DELETE", "/v1/migrations").allowed, "GET, POST");
  for (const char* target :
       {"/", "", "/v1", "/v1/health/", "/v1/migrations//events", "/v2/health", "health", "%", "/v1/%zz"})
    EXPECT_EQ(match("GET", target).route, nullptr) << target;
}

TEST(AgentErrors, KeepTheirCodeOverTheWire) {
  const Error said{Errc::already_exists, "there is one", {}, "take another name"};
  const HttpResponse response = refusal(said);
  EXPECT_EQ(response.status, 409);
  const Error heard = error_of(response.status, response.body);
  EXPECT_EQ(heard.code, said.code);
  EXPECT_EQ(heard.message, said.message);
  EXPECT_EQ(heard.cure, said.cure);
  for (const char* body : {"", "x", "[]", "{\"errors\": 1}", "{\"errors\": []}", "{\"errors\": [1]}"})
    EXPECT_THAT(error_of(502, body).message, HasSubstr("502")) << body;
}

TEST(AgentClient, UrlsAreHostAndPort) {
  EXPECT_EQ(address_of_url("https://10.20.2.4:7443")->display(), "https://10.20.2.4:7443");
  EXPECT_EQ(address_of_url("https://vm.example")->port, 7443);
  EXPECT_EQ(address_of_url("https://[fd00::4]:1/")->display(), "https://[fd00::4]:1");
  EXPECT_FALSE(address_of_url("http://127.0.0.1:7443")->encrypted);
  for (const char* wrong : {"", "10.20.2.4:7443", "http://10.20.2.4:7443", "http://127.evil.example", "ftp://a",
                            "https://u@a", "https://a/b", "https://a?b", "https://:1", "https://a:0"})
    EXPECT_FALSE(address_of_url(wrong)) << wrong;
}

TEST(AgentClient, PasswordFileIsReadAsLibpqReadsIt) {
  const std::string file =
      "# comment\nother:5432:*:m:no\n\ndb1:*:orders:m:a\\:b\\\\c\n*:6432:*:*:d:e\r\nlocalhost:*:*:m:socket\n";
  EXPECT_EQ(password_in(file, "db1", 5432, "m"), "a:b\\c");
  EXPECT_EQ(password_in(file, "db2", 6432, "x"), "d:e");
  EXPECT_EQ(password_in(file, "/run/postgresql", 5432, "m"), "socket");
  EXPECT_EQ(password_in(file, "db1", 5432, "x"), "");
  EXPECT_EQ(password_in("no colons", "db1", 5432, "m"), "");
}

TEST(AgentClient, WhatIsNoProgressIsAnError) {
  for (const char* data : {"", "{}", "[]", R"({"name":"a","state":"Sideways"})"}) {
    EXPECT_FALSE(progress_of(data)) << data;
    EXPECT_FALSE(end_of(data)) << data;
  }
  EXPECT_EQ(*end_of(R"({"state":"Failed"})"), migrate::State::failed);
}

TEST(AgentClient, TextOfAnAgentCannotMoveTheCursor) {
  EXPECT_EQ(shown_safely("a\n\x1b[1;32mgreen\x1b[0m"), "a\n\x1b[1;32mgreen\x1b[0m");
  EXPECT_EQ(shown_safely("\x1b[2Jx\x1b]0;title\x07\r"), "\\x1b[2Jx\\x1b]0;title\\x07\\r");
}

}  // namespace
}  // namespace pgpassage::app::agent
