#include "app/output.hpp"

#include <gtest/gtest.h>
#include <pty.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include "tests/temporary_directory.hpp"

namespace pgpassage::app {
namespace {

namespace fs = std::filesystem;

class Output : public testing::Test {
 protected:
  static std::string text_of(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    return text.str();
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator{folder_.path()}, fs::directory_iterator{}));
  }

  test::TemporaryDirectory folder_{"output"};
};

TEST_F(Output, WritesTheFileAndLeavesNothingBeside) {
  ASSERT_TRUE(write_result({.output = folder_ / "a.txt"}, "result\n"));
  EXPECT_EQ(text_of(folder_ / "a.txt"), "result\n");
  EXPECT_EQ(files(), 1U);
}

TEST_F(Output, ReplacesAFileAndKeepsItsPermissions) {
  std::ofstream{folder_ / "a.txt"} << "a much longer text than before";
  fs::permissions(folder_ / "a.txt", fs::perms{0640});
  ASSERT_TRUE(write_result({.output = folder_ / "a.txt"}, "new\n"));
  EXPECT_EQ(text_of(folder_ / "a.txt"), "new\n");
  EXPECT_EQ(fs::status(folder_ / "a.txt").permissions(), fs::perms{0640});
}

TEST_F(Output, ANewFileHasThePermissionsOfTheUmask) {
  const mode_t before = ::umask(027);
  ASSERT_TRUE(write_result({.output = folder_ / "a.txt"}, "x\n"));
  ::umask(before);
  EXPECT_EQ(fs::status(folder_ / "a.txt").permissions(), fs::perms{0640});
}

TEST_F(Output, ReplacesWhatASymbolicLinkNames) {
  std::ofstream{folder_ / "real.txt"} << "old";
  fs::create_symlink("real.txt", folder_ / "link.txt");
  ASSERT_TRUE(write_result({.output = folder_ / "link.txt"}, "new\n"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "link.txt"));
  EXPECT_EQ(text_of(folder_ / "real.txt"), "new\n");
}

TEST_F(Output, WritesDevicesInPlace) {
  ASSERT_TRUE(write_result({.output = "/dev/null"}, "x\n"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  const auto full = write_result({.output = "/dev/full"}, "x\n");
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().message, "cannot write '/dev/full': No space left on device");
}

TEST_F(Output, SaysWhichFileItCannotWriteAndLeavesNothing) {
  const auto missing = write_result({.output = folder_ / "none" / "a.txt"}, "x\n");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::io);
  EXPECT_NE(missing.error().message.find("none/a.txt"), std::string::npos);
  EXPECT_FALSE(write_result({.output = folder_.path()}, "x\n"));
  EXPECT_EQ(files(), 0U);
}

/// Standard output as a terminal of so many columns, while it lives.
class Terminal {
 public:
  explicit Terminal(unsigned short columns) : before_{::dup(STDOUT_FILENO)} {
    const winsize size{.ws_row = 24, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    std::cout.flush();
    if (::openpty(&outside_, &inside_, nullptr, nullptr, &size) != 0 || ::dup2(inside_, STDOUT_FILENO) < 0)
      throw std::runtime_error{"no terminal"};
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    ::dup2(before_, STDOUT_FILENO);
    for (const int descriptor : {before_, inside_, outside_}) ::close(descriptor);
  }

 private:
  int before_;
  int outside_ = -1;
  int inside_ = -1;
};

int width_on_terminal(unsigned short columns, const CommonOptions& common = {}) {
  const Terminal terminal{columns};
  return result_style(common).width;
}

TEST(Width, IsTheTerminalsBetween40And80) {
  EXPECT_EQ(width_on_terminal(60), 60);
  EXPECT_EQ(width_on_terminal(10), 40);
  EXPECT_EQ(width_on_terminal(200), 80);
  EXPECT_EQ(width_on_terminal(0), 80) << "a terminal that does not know its size";
}

TEST(Width, Is80InAFile) { EXPECT_EQ(width_on_terminal(60, {.output = "x.txt"}), 80); }

TEST_F(Output, IsAskedForBeforehandWithoutATrace) {
  std::ofstream{folder_ / "a.txt"} << "old";
  EXPECT_TRUE(require_output({.output = folder_ / "a.txt"}));
  EXPECT_TRUE(require_output({.output = folder_ / "new.txt"}));
  EXPECT_TRUE(require_output({.output = "/dev/null"}));
  EXPECT_TRUE(require_output({}));
  EXPECT_EQ(text_of(folder_ / "a.txt"), "old");
  EXPECT_EQ(files(), 1U);
  for (const fs::path& wrong : {folder_.path(), folder_ / "none" / "a.txt"}) {
    const auto refused = require_output({.output = wrong});
    ASSERT_FALSE(refused) << wrong;
    EXPECT_EQ(refused.error().code, Errc::input);
  }
}

class Color : public testing::Test {
 protected:
  void TearDown() override { ::unsetenv("NO_COLOR"); }
};

TEST_F(Color, IsUsedOnATerminalOnlyUnlessAskedFor) {
  EXPECT_TRUE(result_style({.color = ColorMode::always}).color);
  EXPECT_FALSE(result_style({.color = ColorMode::never}).color);
  EXPECT_FALSE(result_style({.output = "x.txt"}).color);
}

TEST_F(Color, AskedForWinsOverNoColor) {
  ::setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(result_style({}).color);
  EXPECT_TRUE(result_style({.color = ColorMode::always}).color);
}

}  // namespace
}  // namespace pgpassage::app
