#include "netcheck/topology/editing/rewrite.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>

#include "netcheck/topology/editing/yaml_layout.hpp"
#include "netcheck/topology/editing/yaml_text.hpp"

namespace pgpassage::editing {
namespace json = boost::json;
namespace {

/// What an operation is about: a value, and the one that holds it.
struct Target {
  std::size_t parent = 0;
  std::optional<std::size_t> key;    ///< its key, in a mapping
  std::optional<std::size_t> value;  ///< absent: the operation adds it
  std::size_t position = 0;          ///< among the children of a list
};

/// A text that is being changed. Every function answers whether it could write the change.
class Page {
 public:
  Page(std::string text, Layout layout) : text_{std::move(text)}, layout_{std::move(layout)} {}

  bool write(const Operation& operation);
  std::string text() { return std::move(text_); }

 private:
  std::optional<Target> find(const std::string& pointer) const;
  bool add_key(const Part& parent, const std::string& key, const json::value& value);
  bool add_element(const Part& parent, std::size_t position, const json::value& value);
  bool replace(const Target& target, const json::value& value);
  bool remove(const Target& target);

  bool insert_in_flow(const Part& parent, std::size_t position, const std::string& written);
  bool append_line(std::size_t after, const std::string& lines);
  bool remove_lines(const Target& target);
  bool remove_from_flow(const Target& target);

  std::size_t line_start(std::size_t at) const {
    const std::size_t found = at == 0 ? text_.npos : text_.rfind('\n', at - 1);
    return found == text_.npos ? 0 : found + 1;
  }
  /// Behind the line end that follows; what ends with a line of its own (a block scalar) has it already.
  std::size_t line_end(std::size_t at) const {
    if (at > 0 && text_[at - 1] == '\n') return at;
    const std::size_t found = text_.find('\n', at);
    return found == text_.npos ? text_.size() : found + 1;
  }
  std::size_t column(std::size_t at) const { return at - line_start(at); }
  bool blank(std::size_t from, std::size_t to) const {
    return std::string_view{text_}.substr(from, to - from).find_first_not_of(" \t\r\n") == std::string_view::npos;
  }
  std::string margin(std::size_t columns) const { return std::string(columns, ' '); }
  std::string newline() const { return text_.find("\r\n") == text_.npos ? "\n" : "\r\n"; }
  /// Where the dash of an element of a block list stands.
  std::optional<std::size_t> dash_of(std::size_t element) const;
  std::size_t child_count(const Part& parent) const { return parent.children.size() / (parent.mapping ? 2 : 1); }

  std::string text_;
  Layout layout_;
};

std::optional<Target> Page::find(const std::string& pointer) const {
  Target target;
  std::optional<std::size_t> here = 0;
  for (const std::string& part : parts_of(pointer)) {
    if (!here || layout_[*here].style == Style::alias || layout_[*here].style == Style::scalar) return std::nullopt;
    const Part& parent = layout_[*here];
    target = {*here, std::nullopt, std::nullopt, 0};
    if (parent.mapping) {
      for (std::size_t i = 0; i + 1 < parent.children.size(); i += 2)
        if (layout_[parent.children[i]].text == part) {
          target.key = parent.children[i];
          target.value = parent.children[i + 1];
          target.position = i / 2;
        }
    } else {
      target.position = part == "-" ? parent.children.size() : std::strtoul(part.c_str(), nullptr, 10);
      if (target.position < parent.children.size()) target.value = parent.children[target.position];
    }
    here = target.value;
  }
  return target;
}

std::optional<std::size_t> Page::dash_of(std::size_t element) const {
  const std::size_t start = layout_[element].start;
  const std::size_t dash = start == 0 ? text_.npos : text_.rfind('-', start - 1);
  if (dash == text_.npos || !blank(dash + 1, start) || !blank(line_start(dash), dash)) return std::nullopt;
  return dash;
}

bool Page::append_line(std::size_t after, const std::string& lines) {
  std::string written = lines;
  if (newline() == "\r\n")
    for (std::size_t i = 0; (i = written.find('\n', i)) != written.npos; i += 2) written.replace(i, 1, "\r\n");
  const std::size_t at = line_end(after);
  const bool open = at > 0 && text_[at - 1] != '\n';  // the last line of the file has no end
  text_.insert(at, open ? newline() + written : written + newline());
  return true;
}

// Elements on lines of their own get another line; a comma goes before the comment of the last one, not behind it.
bool Page::insert_in_flow(const Part& parent, std::size_t position, const std::string& written) {
  const std::size_t step = parent.mapping ? 2 : 1;
  if (parent.children.empty()) return text_.insert(parent.start + 1, written), true;
  if (position * step < parent.children.size()) {
    text_.insert(layout_[parent.children[position * step]].start, written + ", ");
    return true;
  }
  const Part& last = layout_[parent.children.back()];
  const std::size_t first_of_last = layout_[parent.children[parent.children.size() - step]].start;
  if (!blank(line_start(first_of_last), first_of_last)) return text_.insert(last.end, ", " + written), true;
  const std::size_t next = text_.find_first_not_of(" \t\r\n", last.end);
  const bool has_comma = next != text_.npos && text_[next] == ',';
  const std::string line = margin(column(first_of_last)) + written;
  if (text_.find(text_[parent.end - 1], last.end) < text_.find('\n', last.end))  // the bracket stands on the same line
    return text_.insert(last.end, "," + newline() + line), true;
  append_line(last.end, line);
  if (!has_comma) text_.insert(last.end, ",");
  return true;
}

bool Page::add_key(const Part& parent, const std::string& key, const json::value& value) {
  const json::object member{{key, value}};
  if (parent.style == Style::flow) {
    const std::string braces = flow_text(member);
    return insert_in_flow(parent, child_count(parent), braces.substr(1, braces.size() - 2));
  }
  if (parent.children.empty()) return false;
  const std::size_t indent = column(layout_[parent.children.front()].start);
  return append_line(parent.end, margin(indent) + block_text(member, indent));
}

bool Page::add_element(const Part& parent, std::size_t position, const json::value& value) {
  if (parent.style == Style::flow) return insert_in_flow(parent, position, flow_text(value));
  if (parent.children.empty()) return false;
  const bool at_end = position >= parent.children.size();
  const std::size_t beside = at_end ? parent.children.back() : parent.children[position];
  const auto dash = dash_of(beside);
  if (!dash) return false;
  const std::size_t indent = column(*dash);
  const bool lines = layout_[beside].style == Style::block && value.is_object();
  const std::string element = margin(indent) + "- " + (lines ? block_text(value, indent + 2) : flow_text(value));
  if (at_end) {
    const std::size_t line = line_start(*dash);
    const bool apart = parent.children.size() > 1 && line > 0 && blank(line_start(line - 1), line);
    return append_line(parent.end, (apart ? "\n" : "") + element);
  }
  std::size_t line = line_start(*dash);
  for (std::size_t above = line; above > 0; line = above) {  // comments above an element are its own
    above = line_start(above - 1);
    const std::size_t first = text_.find_first_not_of(" \t", above);
    if (text_[first] != '#') break;
  }
  text_.insert(line, element + newline());
  return true;
}

bool Page::replace(const Target& target, const json::value& value) {
  const Part& old = layout_[*target.value];
  const std::string written = flow_text(value);
  if (old.style != Style::block) {
    const bool absent = old.start == old.end;  // "key:" alone
    text_.replace(old.start, old.end - old.start, absent ? " " + written : written);
    return true;
  }
  if (!target.key) return false;
  const std::size_t colon = text_.find(':', layout_[*target.key].end);
  text_.replace(colon + 1, old.end - colon - 1, " " + written);
  return true;
}

bool Page::remove_from_flow(const Target& target) {
  const Part& parent = layout_[target.parent];
  const std::size_t step = parent.mapping ? 2 : 1;
  const std::size_t start = layout_[target.key.value_or(*target.value)].start;
  const std::size_t end = layout_[*target.value].end;
  const std::size_t index = target.position * step;
  if (index + step < parent.children.size()) {
    text_.erase(start, layout_[parent.children[index + step]].start - start);
  } else {
    const std::size_t from = index == 0 ? start : layout_[parent.children[index - 1]].end;
    text_.erase(from, end - from);
  }
  return true;
}

bool Page::remove_lines(const Target& target) {
  const auto dash = target.key ? std::optional{layout_[*target.key].start} : dash_of(*target.value);
  if (!dash || !blank(line_start(*dash), *dash)) return false;
  const std::size_t from = line_start(*dash);
  text_.erase(from, line_end(layout_[*target.value].end) - from);
  return true;
}

bool Page::remove(const Target& target) {
  const Part& parent = layout_[target.parent];
  if (parent.style == Style::flow) return remove_from_flow(target);
  if (child_count(parent) > 1) return remove_lines(target);
  // The last element of a block list: the list becomes [].
  for (const Part& holder : layout_.parts)
    for (std::size_t i = 1; holder.mapping && i < holder.children.size(); i += 2)
      if (holder.children[i] == target.parent)
        return replace({0, holder.children[i - 1], target.parent, 0}, json::array{});
  return false;
}

bool Page::write(const Operation& operation) {
  const auto target = find(operation.path);
  if (!target || layout_[target->parent].style == Style::alias) return false;
  const Part& parent = layout_[target->parent];
  if (operation.kind == Operation::Kind::remove) return target->value && remove(*target);
  if (parent.mapping && target->value) return replace(*target, operation.value);
  if (parent.mapping) return add_key(parent, parts_of(operation.path).back(), operation.value);
  if (operation.kind == Operation::Kind::replace) return target->value && replace(*target, operation.value);
  return add_element(parent, target->position, operation.value);
}

tl::unexpected<Error> not_written(const Operation& operation) {
  return fail(Errc::unsupported, "the file's layout at {} does not let the change be written as a patch",
              operation.path);
}

}  // namespace

Result<std::string> rewrite_yaml(std::string_view text, const std::vector<Operation>& operations) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  const std::string_view head = text.starts_with(mark) ? mark : "";
  std::string written{text.substr(head.size())};
  auto tree = tree_of(written);
  if (!tree) return tl::unexpected(tree.error());
  for (const Operation& operation : operations) {
    auto layout = layout_of(written);
    if (!layout) return tl::unexpected(layout.error());
    Page page{written, *std::move(layout)};
    if (!page.write(operation)) return not_written(operation);
    written = page.text();
    apply(*tree, operation);
    const auto read = tree_of(written);
    if (!read || *read != *tree) return not_written(operation);
  }
  return std::string{head} + written;
}

}  // namespace pgpassage::editing
