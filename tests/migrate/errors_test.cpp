#include "migrate/pg/errors.hpp"

#include <gtest/gtest.h>

#include "migrate/log.hpp"
#include "migrate/pg/session.hpp"

namespace pgpassage::migrate {
namespace {

TEST(LoggableError, KeepsWhatMayQuoteAValueOutOfTheLog) {
  for (const char* state : {"22P02", "23505", "P0001"})
    EXPECT_EQ(loggable({Errc::unsupported, "value (secret)", state, {}}), std::string{"SQLSTATE "} + state);
  EXPECT_EQ(loggable({Errc::not_found, "no such table", "42P01", {}}), "no such table");
}

TEST(LoginError, ReadsTheSqlstateOfARefusal) {
  const Error error = login_error(
      "connection to server at \"10.0.0.4\", port 5432 failed: FATAL:  28P01: password authentication failed for user "
      "\"m\"\nLOCATION:  auth_failed, auth.c:326\n",
      "db:5432 as m", PasswordPlaces::of_topology);
  EXPECT_EQ(error.code, Errc::refused_login);
  EXPECT_EQ(error.sqlstate, "28P01");
  EXPECT_EQ(error.message, "cannot log in to db:5432 as m: password authentication failed for user \"m\"");
}

TEST(LoginError, TranslatedSeverityIsReadToo) {
  EXPECT_EQ(login_error("... failed: ВАЖНО:  28000: no entry\n", "db:5432 as m", PasswordPlaces::of_libpq).sqlstate,
            "28000");
}

TEST(LoginError, SystemErrorIsAFailedConnect) {
  const Error error = login_error(
      "connection to server at \"127.0.0.1\", port 1 failed: Connection refused\n\tIs the server running?\n",
      "db:1 as m", PasswordPlaces::of_libpq);
  EXPECT_EQ(error.code, Errc::connect_failed);
  EXPECT_EQ(error.message, "cannot connect to db:1 as m: Connection refused");
}

TEST(LoginError, CuresNameOnlyPlacesThatTheUserHas) {
  constexpr const char* wrong = "... failed: FATAL:  28P01: password authentication failed for user \"m\"\n";
  EXPECT_NE(login_error(wrong, "db", PasswordPlaces::of_topology).cure.find("passwordFile"), std::string::npos);
  EXPECT_NE(no_password("db", PasswordPlaces::of_topology).cure.find("passwordFile"), std::string::npos);
  for (const Error& error :
       {login_error(wrong, "db", PasswordPlaces::of_libpq), no_password("db", PasswordPlaces::of_libpq)}) {
    EXPECT_EQ(error.cure.find("passwordFile"), std::string::npos);
    EXPECT_NE(error.cure.find("PGPASSFILE"), std::string::npos);
  }
}

TEST(LoginError, ARefusalOfTlsIsNotAFirewall) {
  const auto cure = [](const char* text) { return login_error(text, "db", PasswordPlaces::of_libpq).cure; };
  EXPECT_NE(cure("... failed: server does not support SSL, but SSL was required\n").find("ssl = on"),
            std::string::npos);
  EXPECT_NE(cure("... failed: SSL error: certificate verify failed\n").find("sslrootcert"), std::string::npos);
  EXPECT_NE(cure("... failed: FATAL:  28000: no pg_hba.conf entry for host \"h\", user \"m\", no encryption\n")
                .find("sslmode require"),
            std::string::npos);
}

TEST(Quote, DoublesItsOwnQuote) {
  EXPECT_EQ(quote_identifier("a\"b'c"), "\"a\"\"b'c\"");
  EXPECT_EQ(quote_literal("it's"), "'it''s'");
}

TEST(ErrcOfSqlstate, KnowsWhatACallerCanActOn) {
  EXPECT_EQ(errc_of_sqlstate("53100"), Errc::disk_full);
  EXPECT_EQ(errc_of_sqlstate("42501"), Errc::permission);
  EXPECT_EQ(errc_of_sqlstate("57P01"), Errc::connection_lost);
  EXPECT_EQ(errc_of_sqlstate("42P01"), Errc::sql);
}

}  // namespace
}  // namespace pgpassage::migrate
