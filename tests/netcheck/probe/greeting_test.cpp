#include "netcheck/probe/greeting.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pgpassage::netcheck {
namespace {

using ::testing::HasSubstr;
using namespace std::string_view_literals;

struct GreetingCase {
  const char* name;
  std::string_view bytes;
  Speaker speaker;
  const char* detail;
};
void PrintTo(const GreetingCase& each, std::ostream* out) { *out << each.name; }

class GreetingOf : public ::testing::TestWithParam<GreetingCase> {};
TEST_P(GreetingOf, TellsWhoSpeaks) {
  const Greeting greeting = greeting_of(GetParam().bytes);
  EXPECT_EQ(greeting.speaker, GetParam().speaker) << greeting.detail;
  EXPECT_THAT(greeting.detail, HasSubstr(GetParam().detail));
}
INSTANTIATE_TEST_SUITE_P(
    First, GreetingOf,
    ::testing::Values(
        GreetingCase{"Tls", "S", Speaker::postgres_with_tls, ""},
        GreetingCase{"NoTls", "N", Speaker::postgres_without_tls, ""},
        GreetingCase{"SshBannerIsNoS", "SSH-2.0-OpenSSH_9.2\r\n", Speaker::somebody_else,
                     "SSH server: SSH-2.0-OpenSSH_9.2"},
        GreetingCase{"BytesStuffedBehindS", "Sx", Speaker::somebody_else, "not PostgreSQL"},
        GreetingCase{"Http", "HTTP/1.1 400 Bad Request\r\nServer: x\r\n", Speaker::somebody_else,
                     "HTTP server: HTTP/1.1 400 Bad Request"},
        GreetingCase{"Mail", "220 mail.example ESMTP\r\n", Speaker::somebody_else, "mail or FTP"},
        GreetingCase{"TlsAlert", "\x15\x03\x01\x00\x02\x02\x46"sv, Speaker::somebody_else, "answers with TLS"},
        GreetingCase{"MySql",
                     "\x4a\x00\x00\x00\x0a"
                     "8.0.36\x00rest"sv,
                     Speaker::somebody_else, "MySQL server: 8.0.36"},
        GreetingCase{"ErrorResponse", "E\x00\x00\x00\x2eSFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0\0"sv,
                     Speaker::postgres_error, "sorry, too many clients already (SQLSTATE 53300)"},
        GreetingCase{"ErrorResponseWithoutMessage", "E\x00\x00\x00\x08SFATA"sv, Speaker::somebody_else, ""},
        GreetingCase{"CutErrorResponse", "E\x00\x00"sv, Speaker::somebody_else, ""},
        GreetingCase{"BareError", "Ecould not fork new process for connection: No memory\n\0"sv,
                     Speaker::postgres_error, "could not fork new process"},
        GreetingCase{"EhloIsNoError", "EHLO there\r\n", Speaker::somebody_else, "EHLO there"},
        GreetingCase{"E", "E", Speaker::somebody_else, "not PostgreSQL"},
        GreetingCase{"UnprintableIsShownAsDots", "\x01\x1b[31m"sv, Speaker::somebody_else, "..[31m"}),
    [](const auto& each) { return std::string{each.param.name}; });

TEST(GreetingOf, ALongLineIsCut) { EXPECT_LT(greeting_of(std::string(500, 'x')).detail.size(), 150U); }

}  // namespace
}  // namespace pgpassage::netcheck
