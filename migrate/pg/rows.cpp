#include <charconv>

#include "migrate/pg/session.hpp"

namespace pgpassage::migrate {
namespace {

long long number(std::string_view text) {
  long long value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string quoted(std::string_view text, char quote) {
  std::string result{quote};
  for (const char c : text) {
    if (c == quote) result += quote;
    result += c;
  }
  return result += quote;
}

}  // namespace

std::string_view Rows::text(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column), static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

long long Rows::integer(int row, int column) const { return number(text(row, column)); }

long long Rows::affected() const { return result_ ? number(PQcmdTuples(result_.get())) : 0; }

std::string quote_identifier(std::string_view name) { return quoted(name, '"'); }

std::string quote_literal(std::string_view text) { return quoted(text, '\''); }

}  // namespace pgpassage::migrate
