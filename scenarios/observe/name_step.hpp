#pragma once

#include "dns/zones/answer.hpp"
#include "dns/zones/lookup.hpp"
#include "netcheck/base/probe_step.hpp"
#include "netcheck/topology/topology.hpp"

/// The first rung of a probe: what a name server said, beside what the file says it would. Pure.
namespace pgpassage::scenarios {

/// Evidence: every record with its TTL, the server that answered and how. Causes of a failure:
///
///   name-not-found, no-address, dns-server-failure, dns-refused, dns-timeout, dns-unreachable, dns-malformed
///   public-address   a public answer where a private one is due: the zone is not linked where the question came from
///   other-endpoint   the address of something else that the file has
///   stale-record     a private address that nothing in the file has
///   wrong-address    any other address than the predicted ones
///
/// and of a poor one: slow-dns (a second), lame-server (one before it did not know), dns-udp-blocked.
netcheck::ProbeStep name_step(const Topology& topology, const dns::Answer& predicted, const dns::Lookup& lookup);

}  // namespace pgpassage::scenarios
