#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <initializer_list>

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

/// Every word that a lookup may have.
inline constexpr std::initializer_list<dns::LookupStatus> lookup_statuses{
    dns::LookupStatus::answered,       dns::LookupStatus::nx_domain, dns::LookupStatus::no_data,
    dns::LookupStatus::server_failure, dns::LookupStatus::refused,   dns::LookupStatus::timed_out,
    dns::LookupStatus::unreachable,    dns::LookupStatus::malformed};

/// What steps_json, records_json and lame_json write, read again. Throw what boost.json throws for other shapes,
/// std::invalid_argument for a word that no version writes.
netcheck::ProbeSteps steps_of(const boost::json::array& steps);
std::vector<dns::DnsRecord> records_of(const boost::json::array& records);
std::vector<dns::LameServer> lame_of(const boost::json::array& servers);

}  // namespace pgpassage::app
