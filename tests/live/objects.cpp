#include "tests/live/objects.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace pgpassage::live {
namespace {

const std::filesystem::path directory = PGPASSAGE_OBJECTS;

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

}  // namespace

int major_of(const Cluster& cluster) { return std::stoi(cluster.ask("SHOW server_version_num")) / 10000; }

void make_object_roles(const Cluster& cluster, Maker maker) {
  cluster.run(text_of(directory / "roles.sql"));
  if (maker == Maker::superuser) return;
  setenv("PGPASSAGE_TEST_MOVER", "m", 1);
  cluster.run(
      "CREATE ROLE mover LOGIN PASSWORD 'm' CREATEDB CREATEROLE; GRANT keeper, clerk, \"Bo\"\"ss\", reader TO mover");
}

void make_objects(const Cluster& cluster, Maker maker, int newest) {
  const bool ordinary = maker == Maker::ordinary;
  cluster.run(ordinary ? "CREATE DATABASE objects OWNER mover" : "CREATE DATABASE objects");
  const std::string as = ordinary ? "SET ROLE mover; " : "";
  for (int major = 10; major <= std::min(major_of(cluster), newest); ++major)
    if (const auto file = directory / (std::to_string(major) + ".sql"); std::filesystem::exists(file))
      cluster.run(as + text_of(file), "objects");
  if (ordinary) return;
  cluster.run(text_of(directory / "superuser.sql"), "objects");
  cluster.run(text_of(directory / "database.sql"));
}

}  // namespace pgpassage::live
