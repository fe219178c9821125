#pragma once

#include <optional>
#include <string>
#include <vector>

namespace pgpassage::referee {

/// A name, asked of the DNS servers of a place of the lab. Called inside the lab.
struct Question {
  std::string place;
  std::string name;
  bool expected = false;  ///< it has an address: no answer is believed at once on a busy machine
};

/// The IPv4 addresses of each name, sorted; empty when there is none, whatever the reason. All are asked at once, by
/// the C library's resolver: it shares nothing with the one of the product.
std::vector<std::vector<std::string>> ask(const std::vector<Question>& questions);

}  // namespace pgpassage::referee
