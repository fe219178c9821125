#include "migrate/engine/digest.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <memory>

namespace pgpassage::migrate {
namespace {

struct FreeHash {
  void operator()(XXH3_state_t* state) const noexcept { XXH3_freeState(state); }
};

// With its end, so that two texts are not the same as one.
void add(XXH3_state_t& state, const std::string& text) { XXH3_128bits_update(&state, text.c_str(), text.size() + 1); }

}  // namespace

std::string digest_of(const std::vector<SchemaEntry>& entries) {
  const std::unique_ptr<XXH3_state_t, FreeHash> state{XXH3_createState()};
  XXH3_128bits_reset(state.get());
  for (const auto& entry : entries) {
    add(*state, entry.type);
    for (const auto& statement : entry.statements) add(*state, statement);
  }
  const XXH128_hash_t hash = XXH3_128bits_digest(state.get());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace pgpassage::migrate
