#include "app/agent/api/errors.hpp"

#include <array>
#include <boost/json.hpp>

namespace pgpassage::app::agent {
namespace {

namespace json = boost::json;

struct Word {
  Errc code;
  std::string_view word;
  int status;
};

constexpr std::array<Word, 16> words{{{Errc::input, "input", 400},
                                      {Errc::not_found, "notFound", 404},
                                      {Errc::already_exists, "alreadyExists", 409},
                                      {Errc::connect_failed, "connectFailed", 502},
                                      {Errc::connection_lost, "connectionLost", 502},
                                      {Errc::refused_login, "refusedLogin", 401},
                                      {Errc::timed_out, "timedOut", 504},
                                      {Errc::permission, "permission", 403},
                                      {Errc::unsupported, "unsupported", 409},
                                      {Errc::disk_full, "diskFull", 507},
                                      {Errc::sql, "sql", 502},
                                      {Errc::program, "program", 500},
                                      {Errc::io, "io", 500},
                                      {Errc::canceled, "canceled", 409},
                                      {Errc::differs, "differs", 409},
                                      {Errc::internal, "internal", 500}}};

std::string text_in(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

const json::object* first_error(const json::value& body) {
  const json::object* object = body.if_object();
  const json::value* errors = object == nullptr ? nullptr : object->if_contains("errors");
  const json::array* list = errors == nullptr ? nullptr : errors->if_array();
  return list == nullptr || list->empty() ? nullptr : list->front().if_object();
}

}  // namespace

HttpResponse refusal(const Error& error) {
  for (const Word& word : words)
    if (word.code == error.code) return refusal(word.status, word.word, error.message, error.cure);
  return refusal(500, "internal", error.message);
}

Error error_of(int status, std::string_view body) {
  json::error_code broken;
  const json::value value = json::parse(json::string_view{body.data(), body.size()}, broken);
  const json::object* found = broken ? nullptr : first_error(value);
  if (found == nullptr) return {Errc::io, fmt::format("the agent answered with status {}", status), {}, {}};
  Error error{Errc::unsupported, text_in(*found, "message"), {}, text_in(*found, "cure")};
  const std::string code = text_in(*found, "code");
  for (const Word& word : words)
    if (word.word == code) error.code = word.code;
  return error;
}

}  // namespace pgpassage::app::agent
