#include <boost/json.hpp>

#include "app/agent/server/server.hpp"
#include "app/report/json_text.hpp"

namespace pgpassage::app::agent {

HttpResponse refusal(int status, std::string_view code, std::string_view message, std::string_view cure) {
  namespace json = boost::json;
  json::object error{{"code", json_string(code)}, {"message", json_string(message)}};
  if (!cure.empty()) error["cure"] = json_string(cure);
  return {.status = status, .body = json::serialize(json::object{{"errors", json::array{error}}})};
}

}  // namespace pgpassage::app::agent
