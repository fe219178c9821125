#include "app/topology_file.hpp"

#include <gtest/gtest.h>

namespace pgpassage::app {
namespace {

TEST(Sha256, IsTheOneOfThePublishedVectors) {
  EXPECT_EQ(sha256_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(OpenTopology, AnswersWithTheFileAndTheReason) {
  const auto missing = open_topology("/nonexistent/x.yaml");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().file, "/nonexistent/x.yaml");
  ASSERT_EQ(missing.error().diagnostics.size(), 1U);
  EXPECT_EQ(missing.error().diagnostics[0].message, "no such file");
  EXPECT_FALSE(missing.error().diagnostics[0].location.known());
}

}  // namespace
}  // namespace pgpassage::app
