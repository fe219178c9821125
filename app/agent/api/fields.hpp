#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "netcheck/base/error.hpp"

/// A JSON object of somebody else's, read strictly: what is missing, of another type, out of range or unknown is an
/// error that names the member. Pure.
namespace pgpassage::app::agent {

/// Errc::input for what is no JSON object or nests deeper than 32.
Result<boost::json::object> object_of(std::string_view text);

class Fields {
 public:
  /// `object` must outlive the fields. `path` is how messages name it: "" for the whole, "source" for a part.
  explicit Fields(const boost::json::object& object, std::string path = {});

  enum class Need { required, optional };
  std::string text(std::string_view name, Need need, std::size_t most_bytes = 256);
  /// `otherwise` where it is absent.
  std::int64_t number(std::string_view name, std::int64_t least, std::int64_t most, std::int64_t otherwise);
  bool flag(std::string_view name);  ///< false where it is absent
  std::vector<std::string> texts(std::string_view name, std::size_t most, std::size_t most_bytes = 256);
  std::vector<std::int64_t> numbers(std::string_view name, std::size_t most, std::int64_t least, std::int64_t greatest);
  const boost::json::object* object(std::string_view name, Need need);  ///< null where it is absent or wrong
  const boost::json::array* array(std::string_view name, std::size_t most);

  /// The first thing that was wrong, also with members that nothing asked for.
  Result<void> end();
  std::string path_of(std::string_view name) const;

 private:
  const boost::json::value* find(std::string_view name, Need need);
  void wrong(std::string_view name, std::string_view why);

  const boost::json::object& object_;
  std::string path_;
  std::vector<std::string> known_;
  std::string first_wrong_;
};

}  // namespace pgpassage::app::agent
