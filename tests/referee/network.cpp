#include "tests/referee/network.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "tests/lab/enclosure.hpp"
#include "tests/lab/process.hpp"
#include "tests/lab/raise.hpp"

namespace pgpassage::referee {
namespace {

using namespace std::chrono_literals;

/// 300 ms tell a drop from an answer. On a machine with much to do an answer may take longer: who expects one waits
/// for the retransmissions.
std::vector<lab::Outcome> connect_all(const Experiment& experiment) {
  auto outcomes = lab::probe(experiment.attempts, 300ms);
  std::vector<lab::Attempt> late;
  std::vector<std::size_t> which;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (!experiment.expected[i] || outcomes[i] != lab::Outcome::timed_out) continue;
    late.push_back(experiment.attempts[i]);
    which.push_back(i);
  }
  const auto again = lab::probe(late, 3s);
  for (std::size_t i = 0; i < which.size(); ++i) outcomes[which[i]] = again[i];
  return outcomes;
}

std::string written(const Observed& observed) {
  std::string text;
  for (const lab::Outcome outcome : observed.outcomes) text += fmt::format("{}\n", static_cast<int>(outcome));
  for (const auto& addresses : observed.answers) text += fmt::format("{}\n", fmt::join(addresses, " "));
  return text;
}

Observed read(const std::string& text, const Experiment& experiment) {
  Observed observed;
  std::istringstream lines{text};
  std::string line;
  for (std::size_t i = 0; i < experiment.attempts.size() && std::getline(lines, line); ++i)
    observed.outcomes.push_back(static_cast<lab::Outcome>(std::stoi(line)));
  for (std::size_t i = 0; i < experiment.questions.size() && std::getline(lines, line); ++i) {
    std::istringstream words{line};
    auto& addresses = observed.answers.emplace_back();
    for (std::string word; words >> word;) addresses.push_back(word);
  }
  return observed;
}

int work(const Experiment& experiment) {
  if (auto raised = lab::raise(experiment.plan, lab::Auth::trust, lab::Servers::listeners); !raised) {
    static_cast<void>(lab::write_file(fmt::format("{}/error", lab::inside), raised.error().message));
    return 1;
  }
  const Observed observed{connect_all(experiment), ask(experiment.questions)};
  return lab::write_file(fmt::format("{}/observed", lab::inside), written(observed)) ? 0 : 1;
}

/// The enclosure's first process is made without the C library's knowledge: threads belong into a child of it.
int work_in_child(const Experiment& experiment) {
  const pid_t child = fork();
  if (child == 0) _exit(work(experiment));
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return lab::exit_code(status);
}

}  // namespace

Result<Running> start(const Experiment& experiment) {
  std::string pattern = (std::filesystem::temp_directory_path() / "pgpassage-referee.XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) return fail(Errc::io, "no temporary directory");
  const auto keeper = lab::enclose(pattern, true, [&] { return work_in_child(experiment); });
  if (!keeper) return tl::unexpected(keeper.error());
  return Running{*keeper, pattern};
}

Result<Observed> finish(const Running& running, const Experiment& experiment) {
  int status = 0;
  while (waitpid(running.keeper, &status, 0) < 0 && errno == EINTR) {
  }
  const auto text = lab::read_file(running.directory + "/observed");
  const auto error = lab::read_file(running.directory + "/error");
  std::error_code ignored;
  std::filesystem::remove_all(running.directory, ignored);
  if (!text)
    return fail(Errc::program, "the lab ended with {}: {}", lab::exit_code(status), error.value_or("no reason given"));
  return read(*text, experiment);
}

}  // namespace pgpassage::referee
