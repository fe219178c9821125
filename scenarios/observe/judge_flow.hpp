#pragma once

#include <vector>

#include "dns/zones/answer.hpp"
#include "dns/zones/lookup.hpp"
#include "netcheck/base/observation.hpp"

/// What a live lookup and the probes of its addresses say about one flow. Pure.
namespace pgpassage::scenarios {

/// `probes` holds one observation for each address of `lookup`, in its order, and may stop early. `predicted` is what
/// the file says the name resolves to: when it is known and has no address in common with `lookup`, the network gave a
/// wrong address, and what answers there stands in `detail`.
netcheck::Observation observation_of(const dns::Answer& predicted, const dns::Lookup& lookup,
                                     const std::vector<netcheck::Observation>& probes);

}  // namespace pgpassage::scenarios
