#include <fmt/format.h>

#include "migrate/plan/filter.hpp"

namespace pgpassage::migrate {
namespace {

constexpr std::string_view blanks = " \t\r";

// One line, word by word; `column` is where the last word began, from 1.
class Line {
 public:
  explicit Line(std::string_view text) : text_{text} {}

  std::size_t column() const { return start_ + 1; }

  std::string_view word() {
    skip_blanks();
    const auto end = std::min(text_.find_first_of(" \t\r#", start_), text_.size());
    at_ = end;
    return text_.substr(start_, end - start_);
  }

  // Up to a comment; quotes may hold blanks and the sign of a comment.
  std::string_view pattern() {
    skip_blanks();
    bool quoted = false;
    for (at_ = start_; at_ < text_.size() && (quoted || text_[at_] != '#'); ++at_) quoted ^= text_[at_] == '"';
    const std::string_view found = text_.substr(start_, at_ - start_);
    return found.substr(0, found.find_last_not_of(blanks) + 1);
  }

 private:
  void skip_blanks() { start_ = std::min(text_.find_first_not_of(blanks, at_), text_.size()); }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
};

std::vector<Pattern>* list_of(Filter& filter, bool include, std::string_view object) {
  if (object == "schema") return include ? &filter.schemas : &filter.excluded_schemas;
  if (object == "table") return include ? &filter.tables : &filter.excluded_tables;
  return object == "table_data" && !include ? &filter.excluded_rows : nullptr;
}

Result<void> add_line(Filter& filter, Line& line) {
  const std::string_view what = line.word();
  if (what.empty()) return {};
  if (what != "include" && what != "exclude")
    return fail_with_cure(Errc::input, "begin with include or exclude", "'{}' is no command of a filter", what);
  const std::string_view object = line.word();
  auto* list = list_of(filter, what == "include", object);
  if (list == nullptr)
    return fail_with_cure(Errc::input, "there are include and exclude of schema and table, and exclude table_data",
                          "'{} {}' is not known here", what, object);
  auto pattern = Pattern::of(line.pattern());
  if (!pattern) return tl::unexpected(std::move(pattern.error()));
  list->push_back(std::move(*pattern));
  return {};
}

}  // namespace

Result<void> add_filter_file(Filter& filter, std::string_view text, const std::string& file) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    Line line{text.substr(0, end)};
    if (auto added = add_line(filter, line); !added) {
      Error error = std::move(added.error());
      error.message = fmt::format("{}:{}:{}: {}", file, number, line.column(), error.message);
      return tl::unexpected(std::move(error));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

}  // namespace pgpassage::migrate
