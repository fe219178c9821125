#include "netcheck/base/address_list.hpp"

namespace pgpassage {

std::string listed(const std::vector<IpAddress>& addresses) {
  std::string text;
  for (const IpAddress& address : addresses) text += (text.empty() ? "" : ", ") + address.to_string();
  return text;
}

}  // namespace pgpassage
