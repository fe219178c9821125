#pragma once

#include <boost/json/value.hpp>
#include <random>
#include <string>
#include <vector>

namespace pgpassage::scenarios::fix {

/// Breaks a topology at one place and in one way that chance chooses: a security rule added or taken away, a peering,
/// link, record, route, delegation, approval, connection or firewall rule. What was done, in words; empty when the
/// topology has nothing of the kind that was drawn.
std::string break_something(boost::json::value& tree, std::mt19937& dice);

}  // namespace pgpassage::scenarios::fix
