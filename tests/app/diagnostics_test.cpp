#include "app/report/diagnostics.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace pgpassage::app {
namespace {

const InputErrors two_errors{"x.yaml",
                             {{{3, 5}, "unknown key 'adressPrefix' in subnet 'snet-a'", "addressPrefix"},
                              {{}, "the file is larger than 64 MiB", ""}}};

TEST(InputErrorsText, IsOneLineEachAsCompilersWriteThem) {
  EXPECT_EQ(render_text(two_errors),
            "x.yaml:3:5: error: unknown key 'adressPrefix' in subnet 'snet-a' (did you mean 'addressPrefix'?)\n"
            "x.yaml: error: the file is larger than 64 MiB\n");
}

TEST(InputErrorsText, StaysOneLineWithHostileNames) {
  const std::string text = render_text(InputErrors{"x\n.yaml", {{{1, 1}, "bad\nname \x1b[2J", "say it in words"}}});
  EXPECT_EQ(text, "x\\n.yaml:1:1: error: bad\\nname \\x1b[2J (say it in words)\n");
}

TEST(InputErrorsJson, HasTheKeysOfTheContractAndNullForWhatIsNotKnown) {
  const auto errors = boost::json::parse(render_json(two_errors)).at("errors").as_array();
  ASSERT_EQ(errors.size(), 2U);
  EXPECT_EQ(errors[0].at("file"), "x.yaml");
  EXPECT_EQ(errors[0].at("line"), 3);
  EXPECT_EQ(errors[0].at("column"), 5);
  EXPECT_EQ(errors[0].at("suggestion"), "addressPrefix");
  EXPECT_TRUE(errors[1].at("line").is_null());
  EXPECT_TRUE(errors[1].at("column").is_null());
  EXPECT_TRUE(errors[1].at("suggestion").is_null());
}

TEST(ErrorText, HasTheCureOnALineOfItsOwn) {
  EXPECT_EQ(render_text(Error{Errc::program, "pg_dump is not installed", "", "apt-get install postgresql-client"}),
            "pgpassage: error: pg_dump is not installed\n  apt-get install postgresql-client\n");
}

TEST(ErrorJson, CarriesTheSqlstate) {
  const auto parsed = boost::json::parse(render_json(Error{Errc::sql, "permission denied", "42501", "grant it"}));
  const auto& error = parsed.at("errors").at(0);
  EXPECT_EQ(error.at("message"), "permission denied");
  EXPECT_EQ(error.at("sqlstate"), "42501");
  EXPECT_EQ(error.at("suggestion"), "grant it");
}

}  // namespace
}  // namespace pgpassage::app
