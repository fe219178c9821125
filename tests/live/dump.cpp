#include "tests/live/dump.hpp"

#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>

#include "migrate/schema/program.hpp"
#include "tests/live/run.hpp"

namespace pgpassage::live {
namespace {

struct PipeClose {
  void operator()(FILE* stream) const noexcept { pclose(stream); }
};

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, PipeClose> stream{popen(command.c_str(), "r")};
  if (!stream) throw std::runtime_error{"cannot run " + command};
  std::string result;
  std::array<char, 65536> chunk{};
  while (const std::size_t size = fread(chunk.data(), 1, chunk.size(), stream.get())) result.append(chunk.data(), size);
  return result;
}

bool differs_always(const std::string& line) {
  return line.starts_with("\\restrict ") || line.starts_with("\\unrestrict ");
}

// The oldest that reads the server: what it writes is the same on every machine that has it.
std::filesystem::path program_for(const Cluster& cluster) {
  const int wanted = std::stoi(cluster.ask("SHOW server_version_num")) / 10000;
  const auto found = run(migrate::find_programs());
  if (!found) throw std::runtime_error{found.error().message};
  const migrate::ClientPrograms* best = nullptr;
  for (const auto& programs : *found)
    if (programs.major >= wanted && (best == nullptr || programs.major < best->major)) best = &programs;
  if (best == nullptr) throw std::runtime_error{"no pg_dump here reads version " + std::to_string(wanted)};
  return best->pg_dump;
}

}  // namespace

std::string dump(const Cluster& cluster, const std::string& database) {
  const std::string command = program_for(cluster).string() + " --create -b -h 127.0.0.1 -U postgres -p " +
                              std::to_string(cluster.port()) + " '" + database + "'";
  std::string result;
  const std::string text = output_of(command);
  for (std::size_t start = 0; start < text.size();) {
    const auto end = std::min(text.find('\n', start), text.size());
    const std::string line = text.substr(start, end - start);
    if (!differs_always(line)) result += line + "\n";
    start = end + 1;
  }
  return result;
}

}  // namespace pgpassage::live
