#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "netcheck/base/error.hpp"
#include "scenarios/observe/observe.hpp"

/// What the agent answers to POST /v1/probe, as JSON and as values. Pure.
namespace pgpassage::app::agent {

struct PlacedAnswers {
  std::string place;
  std::string evidence;  ///< what says that the agent is at the place: a sentence without a period
  scenarios::Answers answers;
};

std::string to_json(const PlacedAnswers& placed);

/// Errc::io for what an agent of this version would not write.
Result<PlacedAnswers> answers_of(std::string_view body);

}  // namespace pgpassage::app::agent
