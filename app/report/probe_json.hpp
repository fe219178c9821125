#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "dns/zones/lookup.hpp"
#include "netcheck/base/probe_step.hpp"
#include "scenarios/verdict/assessment.hpp"

/// The steps of a probe as JSON, for results and between agents. Pure.
namespace pgpassage::app {

boost::json::array steps_json(const netcheck::ProbeSteps& steps);
/// `layer`, `cause`, `reason` and `nextCommand`; the last is null when there is none.
boost::json::object diagnosis_json(const scenarios::Diagnosis& diagnosis);
boost::json::array records_json(const std::vector<dns::DnsRecord>& records);
boost::json::array lame_json(const std::vector<dns::LameServer>& servers);

/// What the first two write, read again. Throw what boost.json throws for other shapes, std::invalid_argument for a
/// word that no version writes.
netcheck::ProbeSteps steps_of(const boost::json::array& steps);
std::vector<dns::DnsRecord> records_of(const boost::json::array& records);
std::vector<dns::LameServer> lame_of(const boost::json::array& servers);

}  // namespace pgpassage::app
