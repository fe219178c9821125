#include "netcheck/probe/startup.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pgpassage::netcheck {
namespace {

using Kind = StartupAnswer::Kind;
using namespace std::string_literals;

std::string message(char type, const std::string& body) {
  const auto length = static_cast<char>(body.size() + 4);
  return type + "\0\0\0"s + length + body;
}
std::string error(const std::string& sqlstate, const std::string& routine) {
  return message('E', "SFATAL\0C"s + sqlstate + "\0Mno\0R"s + routine + "\0\0"s);
}

struct AnswerCase {
  const char* name;
  std::string bytes;
  Kind kind;
  const char* evidence;
  const char* cause;
};
void PrintTo(const AnswerCase& each, std::ostream* out) { *out << each.name; }

class StartupAnswerOf : public ::testing::TestWithParam<AnswerCase> {};
TEST_P(StartupAnswerOf, SaysHowFarASessionComes) {
  const StartupAnswer answer = startup_answer_of(GetParam().bytes);
  EXPECT_EQ(answer.kind, GetParam().kind) << answer.evidence;
  EXPECT_THAT(answer.evidence, ::testing::HasSubstr(GetParam().evidence));
  EXPECT_EQ(answer.cause, GetParam().cause);
}
const std::string ok = message('R', "\0\0\0\0"s), ready = message('Z', "I");
INSTANTIATE_TEST_SUITE_P(
    Of, StartupAnswerOf,
    ::testing::Values(
        AnswerCase{"Nothing", "", Kind::incomplete, "", ""},
        AnswerCase{"HalfAMessage", "R\0\0\0\x08\0"s, Kind::incomplete, "", ""},
        AnswerCase{"Scram", message('R', "\0\0\0\x0a"s + "SCRAM-SHA-256\0\0"s), Kind::wants_login, "SCRAM-SHA-256", ""},
        AnswerCase{"Md5", message('R', "\0\0\0\x05salt"s), Kind::wants_login, "md5", ""},
        AnswerCase{"Clear", message('R', "\0\0\0\x03"s), Kind::wants_login, "in clear", ""},
        AnswerCase{"TrustIsNotYetASession", ok, Kind::incomplete, "", ""},
        AnswerCase{"Trust", ok + message('S', "a\0b\0"s) + ready, Kind::admitted, "trust", ""},
        AnswerCase{"DatabaseMissing", ok + error("3D000", "InitPostgres"), Kind::refused, "3D000", "database-missing"},
        AnswerCase{"PgHba", error("28000", "ClientAuthentication"), Kind::refused, "28000", "pg-hba"},
        AnswerCase{"NoRole", error("28000", "InitializeSessionUserId"), Kind::refused, "28000", "role-refused"},
        AnswerCase{"TooMany", error("53300", "ProcessStartupPacket"), Kind::refused, "53300", "too-many-connections"},
        AnswerCase{"StartingUp", error("57P03", "ProcessStartupPacket"), Kind::refused, "57P03", "starting-up"},
        AnswerCase{"AnotherRefusal", error("XX000", "f"), Kind::refused, "XX000", "startup-refused"},
        AnswerCase{"Http", "HTTP/1.1 400 Bad Request\r\n", Kind::not_postgres, "HTTP", "not-postgres"},
        AnswerCase{"LengthThatNoMessageHas", "R\0\0\0\x01"s, Kind::not_postgres, "", "not-postgres"},
        AnswerCase{"EndlessWords", std::string(70'000, 'N'), Kind::not_postgres, "", "not-postgres"}),
    [](const auto& each) { return std::string{each.param.name}; });

TEST(StartupMessage, HasItsLengthTheProtocolAndTheParameters) {
  const std::string bytes = startup_message("migrator", "orders");
  EXPECT_EQ(static_cast<unsigned char>(bytes[3]), bytes.size());
  EXPECT_EQ(bytes.substr(4, 4), "\0\3\0\0"s);
  EXPECT_THAT(bytes, ::testing::HasSubstr("user\0migrator\0database\0orders\0"s));
  EXPECT_TRUE(bytes.ends_with("pgpassage\0\0"s));
}

}  // namespace
}  // namespace pgpassage::netcheck
