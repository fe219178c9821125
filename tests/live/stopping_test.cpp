#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <regex>
#include <sstream>

#include "tests/app/program.hpp"
#include "tests/live/child.hpp"
#include "tests/live/cluster.hpp"

/// A migration that is stopped in the middle, by a person, by the system, or by a full disk.
namespace pgpassage::app {
namespace {

using live::Child;
using live::Cluster;
using live::Terminal;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* secret = "s3cret-horse-battery";

std::string contents(const std::filesystem::path& file) {
  std::ifstream stream{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

/// A source whose last index takes an hour to build on the target: long enough to be stopped in.
class MigrateStopped : public testing::Test {
 protected:
  void SetUp() override {
    PGPASSAGE_NEEDS_SERVER();
    source_ = std::make_unique<Cluster>();
    target_ = std::make_unique<Cluster>();
    for (const Cluster* cluster : {source_.get(), target_.get()})
      cluster->run(std::string{"CREATE ROLE mover SUPERUSER LOGIN PASSWORD '"} + secret + "'");
    source_->run("CREATE DATABASE shop");
    // A view that is marked as filled without having been: the target works on its REFRESH for an hour.
    source_->run(
        "CREATE TABLE t AS SELECT i FROM generate_series(1, 1000) i; CREATE VIEW endless AS SELECT "
        "pg_sleep(3600)::text "
        "AS a; CREATE MATERIALIZED VIEW m AS SELECT a FROM endless WITH NO DATA;"
        "UPDATE pg_class SET relispopulated = true WHERE relname = 'm'",
        "shop");
    work_.write("pass", std::string{"*:*:*:mover:"} + secret + "\n");
    std::filesystem::permissions(work_.path("pass"), std::filesystem::perms::owner_read);
    std::filesystem::create_directory(work_.path("tmp"));
  }

  std::string uri(const Cluster& cluster, const std::string& database) const {
    return "postgresql://mover@127.0.0.1:" + std::to_string(cluster.port()) + "/" + database;
  }
  std::unique_ptr<Child> start(Terminal terminal = Terminal::none, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"migrate", "--source", uri(*source_, "shop"), "--target", uri(*target_, ""),
                                       "--name",  "m",        "--log-level",         "debug"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return std::make_unique<Child>(
        std::move(arguments),
        std::vector<std::string>{"PGPASSAGE_HOME=" + work_.path("state").string(),
                                 "TMPDIR=" + work_.path("tmp").string(), "PGPASSFILE=" + work_.path("pass").string()},
        terminal);
  }

  /// The target is busy with the REFRESH: everything before it is done.
  void wait_until_busy() const {
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (target_->ask("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'REFRESH%' AND state = 'active'") !=
           "1")
      ASSERT_LT(std::chrono::steady_clock::now(), patience) << "the migration did not get so far";
  }

  void expect_canceled_and_clean() const {
    const auto shown = work_.run("pgpassage show m");
    EXPECT_THAT(shown.output, AllOf(HasSubstr("m was canceled in MigratingData"), HasSubstr("Remains"),
                                    HasSubstr("\"shop\" on the target is incomplete"), Not(HasSubstr("Error")),
                                    Not(HasSubstr("Failed")), Not(HasSubstr("InProgress,"))));
    EXPECT_THAT(work_.run("pgpassage list").output, HasSubstr("Canceled"));
    for (const Cluster* cluster : {source_.get(), target_.get()}) expect_no_session(*cluster);
    EXPECT_TRUE(std::filesystem::is_empty(work_.path("tmp")));
    EXPECT_EQ(target_->ask("SELECT count(*) FROM t", "shop"), "1000");
  }

  /// A server notices a closed connection a moment after the client has gone.
  static void expect_no_session(const Cluster& cluster) {
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (cluster.ask("SELECT count(*) FROM pg_stat_activity WHERE usename = 'mover'") != "0")
      ASSERT_LT(std::chrono::steady_clock::now(), patience) << "a session is left behind";
  }

  std::unique_ptr<Cluster> source_, target_;
  Workplace work_;
};

TEST_F(MigrateStopped, SignalsCancelWithoutATerminal) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    std::filesystem::remove_all(work_.path("state"));
    target_->run("DROP DATABASE IF EXISTS shop");
    const auto child = start();
    wait_until_busy();
    child->signal(number);
    EXPECT_EQ(child->exit_code(), 4) << "signal " << number;
    EXPECT_THAT(child->output(), HasSubstr("is incomplete and was left as it is"));
    expect_canceled_and_clean();
  }
}

/// The result waits for the reader of a pipe, and the signal finds a migration that has ended.
TEST_F(MigrateStopped, SignalThatComesAfterTheEndChangesNoExitCode) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    std::filesystem::remove_all(work_.path("state"));
    const std::string pipe = work_.path("pipe" + std::to_string(number)).string();
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    const auto child = start(Terminal::none, {"--option", "Validate", "--output", pipe});
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (work_.run("pgpassage show m").output.find("m is validated") == std::string::npos)
      ASSERT_LT(std::chrono::steady_clock::now(), patience) << "the migration did not get so far";
    child->signal(number);
    EXPECT_THAT(contents(pipe), HasSubstr("m is validated"));
    EXPECT_EQ(child->exit_code(), 0) << "signal " << number;
  }
}

TEST_F(MigrateStopped, ControlCInATerminalCancelsAndLeavesTheCursor) {
  const auto child = start(Terminal::pseudo);
  wait_until_busy();
  child->press('\x03');
  EXPECT_EQ(child->exit_code(), 4);
  EXPECT_THAT(child->output(), AllOf(HasSubstr("[#"), HasSubstr("was canceled"), Not(HasSubstr("\x1b[?25l"))));
  expect_canceled_and_clean();
}

// The picture is taken away first, and put back below.
TEST_F(MigrateStopped, LinesOfTheLogStandByThemselvesInATerminal) {
  const auto child = start(Terminal::pseudo);
  wait_until_busy();
  child->signal(SIGINT);
  std::istringstream lines{child->output()};
  int logged = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find(" migrate: ") == std::string::npos) continue;
    ++logged;
    EXPECT_TRUE(std::regex_match(line, std::regex{"(\x1b\\[[0-9]*[AJ]|\r)*[0-9]{4}-[^\x1b]*"})) << line;
  }
  EXPECT_GT(logged, 10);
}

TEST_F(MigrateStopped, CancelFromAnotherTerminal) {
  const auto child = start();
  wait_until_busy();
  EXPECT_EQ(work_.run("pgpassage cancel m").exit_code, 0);
  EXPECT_EQ(child->exit_code(), 4);
  expect_canceled_and_clean();
  const auto again = work_.run("pgpassage cancel m");
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_THAT(again.error, HasSubstr("has ended (Canceled)"));
}

TEST_F(MigrateStopped, KilledProcessIsSaidByWhoeverLooksNext) {
  const auto child = start();
  wait_until_busy();
  child->signal(SIGKILL);
  EXPECT_EQ(child->exit_code(), 128 + SIGKILL);
  EXPECT_THAT(work_.run("pgpassage list").output, HasSubstr("Failed"));
  const auto shown = work_.run("pgpassage show m");
  EXPECT_THAT(shown.output,
              AllOf(HasSubstr("its process " + std::to_string(child->pid())), HasSubstr("may be incomplete"),
                    Not(HasSubstr("InProgress,")), HasSubstr("pgpassage resume m")));
}

TEST_F(MigrateStopped, LostTargetIsNamedWithACure) {
  const auto child = start(Terminal::none, {"--outage-time", "1"});
  wait_until_busy();
  target_->stop(SIGQUIT);
  EXPECT_EQ(child->exit_code(), 1);
  EXPECT_THAT(work_.run("pgpassage show m --format json").output,
              AllOf(HasSubstr("\"state\": \"Failed\""), HasSubstr("target: "), HasSubstr("`pgpassage resume` this"),
                    HasSubstr("probably incomplete")));
}

/// The server's files on a disk of 40 MB of their own, seen by this process and its children alone.
class SmallDisk {
 public:
  explicit SmallDisk(Cluster& cluster) : cluster_{cluster}, base_{cluster.directory() / "data/base"} {
    cluster_.stop(SIGINT);
    const std::string base = "'" + base_.string() + "'";
    made_ = unshare(CLONE_NEWNS) == 0 && mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
            std::system(("mv " + base + " " + base + ".old && mkdir -m 700 " + base +
                         " && mount -t tmpfs -o size=40m none " + base + " && chown --reference=" + base + ".old " +
                         base + " && cp -a " + base + ".old/. " + base)
                            .c_str()) == 0;
    if (made_) cluster_.start();
  }
  ~SmallDisk() {
    cluster_.stop(SIGQUIT);
    if (made_) umount2(base_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool made() const { return made_; }

 private:
  Cluster& cluster_;
  std::filesystem::path base_;
  bool made_ = false;
};

TEST_F(MigrateStopped, FullDiskOfTheTargetIsNamed) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can mount a small disk";
  const SmallDisk disk{*target_};
  if (!disk.made()) GTEST_SKIP() << "no mount namespace or tmpfs here";
  source_->run("CREATE TABLE big AS SELECT repeat('x', 1000) AS x FROM generate_series(1, 60000)", "shop");
  const auto child = start();
  EXPECT_EQ(child->exit_code(), 1);
  const auto shown = work_.run("pgpassage show m --format json");
  EXPECT_THAT(shown.output, AllOf(HasSubstr("\"state\": \"Failed\""), HasSubstr("table public.big: target: "),
                                  HasSubstr("No space left on device"), HasSubstr("\"sqlstate\": \"53100\""),
                                  HasSubstr("make room on that disk"), HasSubstr("is incomplete and was left")));
  expect_no_session(*source_);
}

/// Where what anybody on this machine may read holds the secret.
std::vector<std::string> command_lines_with(const std::string& text) {
  std::vector<std::string> found;
  std::error_code ignored;
  for (const auto& process : std::filesystem::directory_iterator{"/proc", ignored})
    if (const std::string line = contents(process.path() / "cmdline"); line.find(text) != std::string::npos)
      found.push_back(process.path().string());
  return found;
}

TEST_F(MigrateStopped, PasswordIsNowhereToBeSeen) {
  // pg_dump and pg_restore write down how they were called, and what anybody could see meanwhile.
  work_.write("recorder", "#!/bin/sh\nprintf '%s\\n' \"$*\" >>'" + work_.path("calls").string() +
                              "'\ncat /proc/[0-9]*/cmdline >>'" + work_.path("calls").string() +
                              "' 2>/dev/null\nexec " + live::server_programs().string() +
                              "/$(basename \"$0\") \"$@\"\n");
  std::filesystem::permissions(work_.path("recorder"), std::filesystem::perms::owner_all);
  std::filesystem::create_directory(work_.path("bin"));
  for (const char* program : {"bin/pg_dump", "bin/pg_restore"})
    std::filesystem::create_symlink(work_.path("recorder"), work_.path(program));
  ASSERT_EQ(setenv("PGPASSAGE_PG_BINDIR", work_.path("bin").c_str(), 1), 0);
  const auto child = start();
  unsetenv("PGPASSAGE_PG_BINDIR");
  wait_until_busy();
  EXPECT_THAT(command_lines_with(secret), testing::IsEmpty());
  child->signal(SIGINT);
  EXPECT_EQ(child->exit_code(), 4);
  EXPECT_THAT(child->output(), Not(HasSubstr(secret)));
  EXPECT_THAT(work_.read("calls"), AllOf(HasSubstr("--snapshot="), HasSubstr("mover"), Not(HasSubstr(secret))));
  for (const auto& file : std::filesystem::recursive_directory_iterator{work_.path("state")})
    EXPECT_THAT(contents(file), Not(HasSubstr(secret))) << file;
}

}  // namespace
}  // namespace pgpassage::app
