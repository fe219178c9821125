#include "scenarios/fix/patch.hpp"

#include "netcheck/topology/editing/rewrite.hpp"
#include "netcheck/topology/reader.hpp"

namespace pgpassage::scenarios::fix {

Result<std::string> patch_of(std::string_view text, const Fix& fix, std::string_view path) {
  const auto patched = editing::rewrite_yaml(text, fix.operations);
  if (!patched) return tl::unexpected(patched.error());
  const auto topology = read_topology(*patched);
  if (!topology)
    return fail(Errc::unsupported, "the patched file cannot be read: {}", topology.error().front().message);
  const auto assessment = assess(*topology, fix.after.assessment.edition);
  if (!assessment || assessment->verdict != fix.after.assessment.verdict)
    return fail(Errc::unsupported, "the patched file is judged otherwise than the changes");
  return editing::unified_diff(text, *patched, path);
}

}  // namespace pgpassage::scenarios::fix
