#include "migrate/cdc/test_decoding/decoder.hpp"

#include "migrate/cdc/test_decoding/scanner.hpp"
#include "migrate/cdc/test_decoding/transactions.hpp"

namespace pgpassage::migrate::cdc {
namespace {

// What quote_identifier leaves without quotes.
bool plain_in_name(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

// "integer[]" and "\"odd]:name\"": the bracket that ends it is followed by a colon and stands outside quotes.
std::string_view type_name(TextScanner& line) {
  const std::string_view text = line.rest();
  bool in_quotes = false;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '"') in_quotes = !in_quotes;
    if (!in_quotes && text[i] == ']' && text[i + 1] == ':') {
      const std::string_view name = line.cut(i);
      line.cut(2);
      return name;
    }
  }
  line.fail();
  return {};
}

}  // namespace

Result<const Change*> TestDecodingDecoder::read(const Message& message) {
  TextScanner line{message.payload};
  unquoted_.clear();
  unquoted_.reserve(message.payload.size());
  read_line(line, message.lsn);
  if (!line.broken() && line.empty()) return &change_;
  return fail(Errc::unsupported, "the change stream of test_decoding has a line of {} bytes at {} that cannot be read",
              message.payload.size(), message.lsn.to_string());
}

void TestDecodingDecoder::read_line(TextScanner& line, Lsn lsn) {
  if (line.take("table ")) return read_table(line);
  if (line.take("message: ")) {
    change_.what = read_logical_message(line, lsn);
    return;
  }
  change_.what = read_transaction(line, lsn, unquoted_);
}

void TestDecodingDecoder::read_table(TextScanner& line) {
  relation_ = table(line);
  if (line.take(": INSERT:")) return read_new(line);
  if (line.take(": UPDATE:")) return read_update(line);
  if (line.take(": DELETE:")) return read_delete(line);
  read_truncate(line);
}

void TestDecodingDecoder::read_truncate(TextScanner& line) {
  truncated_.assign(1, relation_);
  while (line.take(", ")) truncated_.push_back(table(line));
  line.expect(": TRUNCATE:");
  const bool restart = line.take(" restart_seqs");
  const bool cascade = line.take(" cascade");
  if (!restart && !cascade) line.expect(" (no-flags)");
  change_.what = Truncate{truncated_, cascade, restart};
}

void TestDecodingDecoder::read_new(TextScanner& line) {
  read_columns(line, new_named_);
  relation_ = tables_.learn(relation_, new_named_, DescribedTables::Columns::all);
  change_.what = Insert{relation_, DescribedTables::arrange(*relation_, new_named_, {}, new_)};
}

void TestDecodingDecoder::read_update(TextScanner& line) {
  old_named_.clear();
  const bool has_old = line.take(" old-key:");
  if (has_old) {
    read_columns(line, old_named_);
    line.expect(" new-tuple:");
  }
  read_columns(line, new_named_);
  relation_ = tables_.learn(relation_, new_named_, DescribedTables::Columns::all);
  relation_ = tables_.learn(relation_, old_named_, DescribedTables::Columns::some);
  const Row row = DescribedTables::arrange(*relation_, new_named_, {}, new_);
  change_.what = Update{relation_, has_old ? DescribedTables::arrange(*relation_, old_named_, {}, old_) : Row{}, row};
}

void TestDecodingDecoder::read_delete(TextScanner& line) {
  old_named_.clear();
  if (line.take(" (no-tuple-data)")) {
    change_.what = Delete{relation_, {}};
    return;
  }
  read_columns(line, old_named_);
  relation_ = tables_.learn(relation_, old_named_, DescribedTables::Columns::some);
  change_.what = Delete{relation_, DescribedTables::arrange(*relation_, old_named_, {}, old_)};
}

const Relation* TestDecodingDecoder::table(TextScanner& line) {
  const std::string_view schema = identifier(line);
  line.expect(".");
  return tables_.find(schema, identifier(line));
}

std::string_view TestDecodingDecoder::identifier(TextScanner& line) {
  if (line.take("\"")) return quoted(line, '"');
  const std::string_view name = line.take_while(plain_in_name);
  if (name.empty()) line.fail();
  return name;
}

void TestDecodingDecoder::read_columns(TextScanner& line, std::vector<NamedValue>& columns) {
  columns.clear();
  while (!line.empty() && !line.rest().starts_with(" new-tuple:")) {
    line.expect(" ");
    NamedValue& column = columns.emplace_back();
    column.name = identifier(line);
    line.expect("[");
    column.type_name = type_name(line);
    column.value = value(line, column.type_name);
  }
}

Value TestDecodingDecoder::value(TextScanner& line, std::string_view type) {
  if (line.take("'") || line.take("B'")) return Value::of(quoted(line, '\''));
  const std::string_view word = line.until(' ');
  if (word.empty()) line.fail();
  if (word == "null") return {};
  if (word == "unchanged-toast-datum") return {nullptr, 0, Value::Kind::unchanged};
  if (type == "boolean") return Value::of(word == "true" ? "t" : "f");
  return Value::of(word);
}

std::string_view TestDecodingDecoder::quoted(TextScanner& line, char quote) {
  const std::string_view plain = line.until(quote);
  const std::string_view doubled{line.rest().substr(0, 2)};
  line.expect({&quote, 1});
  if (doubled.size() < 2 || doubled[1] != quote) return plain;
  const std::size_t begin = unquoted_.size();
  unquoted_ += plain;
  while (line.take({&quote, 1})) {  // the second of two: one quote of the text, which goes on
    unquoted_ += quote;
    unquoted_ += line.until(quote);
    line.expect({&quote, 1});
  }
  return std::string_view{unquoted_}.substr(begin);
}

}  // namespace pgpassage::migrate::cdc
