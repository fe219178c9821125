#include "dns/zones/names.hpp"

#include <algorithm>
#include <cctype>

namespace pgpassage::dns {

std::string canonical(std::string_view name) {
  if (name.size() > 1 && name.ends_with('.')) name.remove_suffix(1);
  std::string lower{name};
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

bool under(std::string_view name, std::string_view zone) {
  if (zone == "." || name == zone) return true;
  return name.size() > zone.size() && name.ends_with(zone) && name[name.size() - zone.size() - 1] == '.';
}

std::string relative_to(std::string_view name, std::string_view zone) {
  return name == zone ? "@" : std::string{name.substr(0, name.size() - zone.size() - 1)};
}

std::string_view first_label(std::string_view name) { return name.substr(0, name.find('.')); }

}  // namespace pgpassage::dns
