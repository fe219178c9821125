#pragma once

#include <boost/asio/awaitable.hpp>

#include "migrate/engine/engine.hpp"
#include "migrate/plan/streams.hpp"

namespace pgpassage::migrate {

/// Measures the round trips and asks both servers for their cores, which only one of 11 or later on Linux says,
/// and only to a superuser. Never fails: what cannot be had is not known. Live, reads only.
boost::asio::awaitable<Capacity> measure_capacity(Request request);

}  // namespace pgpassage::migrate
