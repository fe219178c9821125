#include "migrate/spool/spool.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/temporary_directory.hpp"

namespace pgpassage::migrate {
namespace {

namespace fs = std::filesystem;
using cdc::Lsn;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SpoolTest : public testing::Test {
 protected:
  Spool open(SpoolLimits limits = {}) const {
    auto spool = Spool::open(directory(), limits);
    EXPECT_TRUE(spool) << spool.error().message;
    return std::move(*spool);
  }
  fs::path directory() const { return root_ / "spool"; }
  std::vector<fs::path> files() const {
    std::vector<fs::path> all;
    for (const auto& entry : fs::directory_iterator{directory()}) all.push_back(entry.path());
    std::ranges::sort(all);
    return all;
  }

  /// A transaction of two messages that ends there.
  static void put(Spool& spool, std::uint64_t end, const std::string& words) {
    ASSERT_TRUE(spool.append({{end - 1}, words}, FrameMark::none));
    ASSERT_TRUE(spool.append({{end}, "commit"}, FrameMark::ends_transaction));
  }
  static std::vector<std::string> rest(Spool& spool) {
    std::vector<std::string> payloads;
    for (;;) {
      const auto frame = spool.next();
      EXPECT_TRUE(frame) << frame.error().message;
      if (!frame || !*frame) return payloads;
      payloads.emplace_back((*frame)->payload);
    }
  }

  test::TemporaryDirectory root_{"spool"};
};

TEST_F(SpoolTest, ReadsWhatWasAppendedWhileMoreIsAppended) {
  Spool spool = open();
  EXPECT_THAT(rest(spool), IsEmpty());
  put(spool, 10, "a");
  EXPECT_THAT(rest(spool), ElementsAre("a", "commit"));
  put(spool, 20, std::string(3'000'000, 'b'));
  put(spool, 30, "c");
  EXPECT_THAT(rest(spool), ElementsAre(std::string(3'000'000, 'b'), "commit", "c", "commit"));
  EXPECT_EQ(spool.end(), Lsn{30});
}

TEST_F(SpoolTest, OnlyTheOwnerCanRead) {
  Spool spool = open();
  put(spool, 10, "a");
  struct stat found {};
  ASSERT_EQ(::stat(directory().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700U);
  ASSERT_EQ(::stat(files().at(0).c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600U);
}

TEST_F(SpoolTest, AnUnfinishedTransactionIsReceivedAgain) {
  {
    Spool spool = open();
    put(spool, 10, "a");
    ASSERT_TRUE(spool.append({{15}, "never committed"}, FrameMark::none));
    EXPECT_EQ(spool.sync(), Lsn{10});
  }
  Spool again = open();
  EXPECT_EQ(again.end(), Lsn{10});
  put(again, 20, "b");
  EXPECT_THAT(rest(again), ElementsAre("a", "commit", "b", "commit"));
}

// A machine may lose power at any byte.
TEST_F(SpoolTest, WhereverTheFileEndsWholeTransactionsRemain) {
  {
    Spool spool = open();
    put(spool, 10, "a");
    put(spool, 20, "bb");
    ASSERT_TRUE(spool.sync());
  }
  const fs::path file = files().at(0);
  const auto size = fs::file_size(file);
  const auto first = 2 * frame_header_bytes + std::string_view{"acommit"}.size();
  for (auto cut = size; cut-- > 0;) {
    fs::copy_file(file, root_ / "kept", fs::copy_options::overwrite_existing);
    fs::resize_file(file, cut);
    {
      Spool torn = open();
      EXPECT_EQ(torn.end(), Lsn{cut >= first ? 10U : 0U}) << cut;
      put(torn, 20, "again");
      EXPECT_EQ(rest(torn).size(), cut >= first ? 4U : 2U);
    }
    fs::remove_all(directory());
    fs::create_directory(directory());
    fs::copy_file(root_ / "kept", file);
  }
}

TEST_F(SpoolTest, FilesThatAreAppliedGo) {
  Spool spool = open({.segment_bytes = 100});
  for (std::uint64_t i = 1; i <= 5; ++i) put(spool, i * 10, std::string(100, 'x'));
  EXPECT_THAT(files(), testing::SizeIs(5));
  ASSERT_TRUE(spool.forget({50}));
  EXPECT_THAT(files(), testing::SizeIs(5)) << "none was read";
  rest(spool);
  ASSERT_TRUE(spool.forget({30}));
  EXPECT_THAT(files(), testing::SizeIs(2));
  ASSERT_TRUE(spool.remove());
  EXPECT_FALSE(fs::exists(directory()));
}

TEST_F(SpoolTest, ReadingGoesOnBehindWhatWasApplied) {
  {
    Spool spool = open({.segment_bytes = 100});
    for (std::uint64_t i = 1; i <= 4; ++i) put(spool, i * 10, std::to_string(i) + std::string(i == 1 ? 0 : 100, 'x'));
    ASSERT_TRUE(spool.sync());
  }
  Spool spool = open({.segment_bytes = 100});
  ASSERT_TRUE(spool.rewind({10}));
  EXPECT_EQ(rest(spool).size(), 6U);
  ASSERT_TRUE(spool.rewind({20}));
  EXPECT_EQ(rest(spool).size(), 4U);
  EXPECT_THAT(files(), testing::SizeIs(2));
  ASSERT_TRUE(spool.rewind({40}));
  EXPECT_THAT(rest(spool), IsEmpty());
  put(spool, 50, "new");
  EXPECT_THAT(rest(spool), ElementsAre("new", "commit"));
}

TEST_F(SpoolTest, ReadingGoesOnWithWhatDescribesTheRest) {
  {
    Spool spool = open();
    EXPECT_TRUE(spool.begins_file());
    ASSERT_TRUE(spool.append({{5}, "relation"}, FrameMark::describes));
    EXPECT_FALSE(spool.begins_file());
    put(spool, 10, "a");
    put(spool, 20, "b");
    ASSERT_TRUE(spool.sync());
  }
  Spool spool = open();
  ASSERT_TRUE(spool.rewind({10}));
  EXPECT_THAT(rest(spool), ElementsAre("relation", "b", "commit"));
}

TEST_F(SpoolTest, IsFullAtItsLimitUntilSomethingGoes) {
  Spool spool = open({.segment_bytes = 100, .limit_bytes = 300});
  put(spool, 10, std::string(1000, 'x'));
  EXPECT_FALSE(spool.full()) << "one transaction may be larger: applying it in parts frees nothing before its end";
  put(spool, 20, "b");
  EXPECT_TRUE(spool.full());
  rest(spool);
  ASSERT_TRUE(spool.forget({20}));
  EXPECT_FALSE(spool.full());
}

TEST_F(SpoolTest, DamageBeforeTheLastFileIsNotSkipped) {
  {
    Spool spool = open({.segment_bytes = 100});
    for (std::uint64_t i = 1; i <= 3; ++i) put(spool, i * 10, std::string(100, 'x'));
    ASSERT_TRUE(spool.sync());
  }
  std::fstream{files().at(0), std::ios::in | std::ios::out}.seekp(frame_header_bytes + 5).put('y');
  Spool spool = open({.segment_bytes = 100});
  const auto damaged = spool.next();
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, Errc::io);
  EXPECT_THAT(damaged.error().message, HasSubstr("is damaged at byte 0"));
}

TEST_F(SpoolTest, AFileOfSomebodyElseIsNotWrittenInto) {
  Spool spool = open();
  std::ofstream{directory() / "0000000000000001.spool"} << "theirs";
  const auto refused = spool.append({{10}, "a"}, FrameMark::ends_transaction);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::io);
}

}  // namespace
}  // namespace pgpassage::migrate
