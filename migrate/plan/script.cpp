#include "migrate/plan/script.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <iterator>

namespace pgpassage::migrate {
namespace {

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0; }

std::string lower(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

// Walks over SQL; `next` moves past one token, so that nothing inside quotes or comments is ever looked at.
class Scanner {
 public:
  explicit Scanner(std::string_view sql) : sql_{sql} {}

  bool done() const { return at_ >= sql_.size(); }
  std::size_t position() const { return at_; }
  char peek(std::size_t ahead = 0) const { return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0'; }
  std::string_view from(std::size_t start) const { return sql_.substr(start, at_ - start); }

  void skip_line() { at_ = std::min(sql_.find('\n', at_), sql_.size()); }

  // Returns the token; a comment comes back as "--" or "/*", a quoted thing as its first character.
  std::string_view next() {
    const std::size_t start = at_;
    const char c = peek();
    if (c == '-' && peek(1) == '-') return skip_line(), sql_.substr(start, 2);
    if (c == '/' && peek(1) == '*') return skip_block(), sql_.substr(start, 2);
    if (c == '\'') return skip_quoted('\'', escapes_before(start)), sql_.substr(start, 1);
    if (c == '"') return skip_quoted('"', false), sql_.substr(start, 1);
    if (c == '$' && skip_dollar_quoted()) return sql_.substr(start, 1);
    if (!is_word(c)) return ++at_, sql_.substr(start, 1);
    while (!done() && (is_word(peek()) || peek() == '$')) ++at_;
    return sql_.substr(start, at_ - start);
  }

 private:
  // E'...' has backslash escapes; the E must not be the end of a longer word.
  bool escapes_before(std::size_t quote) const {
    if (quote == 0 || (sql_[quote - 1] != 'E' && sql_[quote - 1] != 'e')) return false;
    return quote == 1 || !is_word(sql_[quote - 2]);
  }

  void skip_quoted(char quote, bool escapes) {
    for (++at_; !done(); ++at_) {
      if (escapes && peek() == '\\') {
        ++at_;
      } else if (peek() == quote) {
        if (peek(1) != quote) break;
        ++at_;
      }
    }
    at_ = std::min(at_ + 1, sql_.size());
  }

  void skip_block() {
    int depth = 0;
    do {
      if (peek() == '/' && peek(1) == '*')
        ++depth, ++at_;
      else if (peek() == '*' && peek(1) == '/')
        --depth, ++at_;
      ++at_;
    } while (depth > 0 && !done());
    at_ = std::min(at_, sql_.size());
  }

  bool skip_dollar_quoted() {
    std::size_t end = at_ + 1;
    while (end < sql_.size() && is_word(sql_[end])) ++end;
    if (end >= sql_.size() || sql_[end] != '$') return false;
    const std::string_view tag = sql_.substr(at_, end + 1 - at_);
    const auto closing = sql_.find(tag, end + 1);
    at_ = closing == std::string_view::npos ? sql_.size() : closing + tag.size();
    return true;
  }

  std::string_view sql_;
  std::size_t at_ = 0;
};

// Semicolons inside parentheses (rules) and inside BEGIN ATOMIC ... END (SQL functions) end no statement.
class Nesting {
 public:
  void see(std::string_view token) {
    if (token == "(") ++parentheses_;
    if (token == ")") --parentheses_;
    if (!is_word(token.front())) return;
    const std::string word = lower(token);
    if (word == "atomic" && previous_ == "begin") ++blocks_;
    if (blocks_ > 0 && word == "case") ++blocks_;
    if (blocks_ > 0 && word == "end") --blocks_;
    previous_ = word;
  }
  bool open() const { return parentheses_ > 0 || blocks_ > 0; }

 private:
  int parentheses_ = 0;
  int blocks_ = 0;
  std::string previous_;
};

struct Piece {
  bool comment = false;
  std::string_view text;
};

// Statements, and the comments between them, in order.
std::vector<Piece> pieces_of(std::string_view sql) {
  std::vector<Piece> result;
  Scanner scanner{sql};
  Nesting nesting;
  bool inside = false;
  std::size_t start = 0;
  while (!scanner.done()) {
    if (!inside) {
      if (is_space(scanner.peek())) {
        scanner.next();
        continue;
      }
      start = scanner.position();
      if (scanner.peek() == '\\') {
        scanner.skip_line();
        continue;
      }
    }
    const std::string_view token = scanner.next();
    if (token == "--" || token == "/*") {
      if (!inside) result.push_back({true, scanner.from(start)});
      continue;
    }
    inside = true;
    nesting.see(token);
    if (token != ";" || nesting.open()) continue;
    result.push_back({false, scanner.from(start)});
    inside = false;
    nesting = Nesting{};
  }
  if (inside) result.push_back({false, scanner.from(start)});
  return result;
}

std::vector<std::uint32_t> numbers_in(std::string_view text) {
  std::vector<std::uint32_t> result;
  const char* end = text.data() + text.size();
  for (const char* at = text.data(); at < end;) {
    std::uint32_t number = 0;
    const auto parsed = std::from_chars(at, end, number);
    if (parsed.ec == std::errc{}) result.push_back(number);
    at = parsed.ec == std::errc{} ? parsed.ptr : at + 1;
  }
  return result;
}

std::string_view between(std::string_view text, std::string_view from, std::string_view to) {
  const auto start = text.find(from);
  if (start == std::string_view::npos) return {};
  text.remove_prefix(start + from.size());
  return text.substr(0, text.find(to));
}

// "-- TOC entry 215 (class 1259 OID 16386)", "-- Dependencies: 7 3190", "-- Name: a; Type: TABLE; Schema: b; Owner: c"
void read_comment(std::string_view comment, std::vector<SchemaEntry>& entries) {
  if (comment.starts_with("-- TOC entry ")) {
    const auto numbers = numbers_in(comment);
    if (numbers.size() != 3) return;
    entries.push_back({.dump_id = static_cast<int>(numbers[0]), .class_oid = numbers[1], .object_oid = numbers[2]});
  } else if (entries.empty() || !entries.back().statements.empty()) {
    return;  // a comment of the object's own text
  } else if (comment.starts_with("-- Dependencies: ")) {
    for (const auto id : numbers_in(comment)) entries.back().dependencies.push_back(static_cast<int>(id));
  } else if (comment.starts_with("-- Name: ")) {
    entries.back().name = between(comment, "-- Name: ", "; Type: ");
    entries.back().type = between(comment, "; Type: ", "; Schema: ");
    entries.back().schema = between(comment, "; Schema: ", "; Owner: ");
  }
}

// Nothing but one role's name and the semicolon follows: the words may also stand inside a CHECK's literal.
bool changes_owner(std::string_view statement) {
  constexpr std::string_view words = " OWNER TO ";
  const auto at = statement.rfind(words);
  if (!statement.starts_with("ALTER ") || at == std::string_view::npos) return false;
  Scanner role{statement.substr(at + words.size())};
  const std::string_view name = role.next();
  return (name == "\"" || is_word(name.front())) && role.next() == ";" && role.done();
}

}  // namespace

std::vector<std::string> split_statements(std::string_view sql) {
  std::vector<std::string> result;
  for (const Piece& piece : pieces_of(sql))
    if (!piece.comment) result.emplace_back(piece.text);
  return result;
}

// pg_restore writes what an entry needs set (default_table_access_method) before that entry's header.
std::vector<SchemaEntry> read_script(std::string_view script) {
  std::vector<SchemaEntry> entries;
  std::vector<std::string> ahead;
  for (const Piece& piece : pieces_of(script)) {
    if (piece.comment) {
      read_comment(piece.text, entries);
    } else if (piece.text.starts_with("SET default_")) {
      ahead.emplace_back(piece.text);
    } else if (!entries.empty()) {
      auto& statements = entries.back().statements;
      std::move(ahead.begin(), ahead.end(), std::back_inserter(statements));
      ahead.clear();
      statements.emplace_back(piece.text);
    }
  }
  return entries;
}

StatementKind kind_of(const SchemaEntry& entry, std::string_view statement) {
  if (entry.type == "ACL" || entry.type == "DEFAULT ACL") return StatementKind::privileges;
  if (statement.starts_with("SET ") || statement.starts_with("SELECT pg_catalog.set_config("))
    return StatementKind::settings;
  if (changes_owner(statement)) return StatementKind::ownership;
  return StatementKind::definition;
}

}  // namespace pgpassage::migrate
