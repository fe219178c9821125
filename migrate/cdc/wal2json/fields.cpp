#include "migrate/cdc/wal2json/fields.hpp"

#include "migrate/cdc/text/timestamp.hpp"

namespace pgpassage::migrate::cdc {
namespace {

using simdjson::ondemand::json_type;

// pg_type.dat: fixed since long before 9.5.
constexpr Oid type_bytea = 17;
constexpr Oid type_float4 = 700;
constexpr Oid type_float8 = 701;
constexpr Oid type_numeric = 1700;

bool can_be_no_number(Oid type) { return type == type_float4 || type == type_float8 || type == type_numeric; }

std::string_view trimmed(std::string_view token) { return token.substr(0, token.find_last_not_of(" \t\r\n") + 1); }

bool is_null(simdjson::ondemand::value& item) {
  bool none = false;
  return item.is_null().get(none) == simdjson::SUCCESS && none;
}

bool read_lsn(simdjson::ondemand::value item, Lsn& lsn) {
  std::string_view text;
  if (item.get_string().get(text)) return false;
  const auto parsed = Lsn::parse(text);
  if (parsed) lsn = *parsed;
  return parsed.has_value();
}

}  // namespace

bool FieldReader::read(std::string_view json, Fields& fields) {
  columns.clear();
  identity.clear();
  padded_.reserve(json.size() + simdjson::SIMDJSON_PADDING);
  padded_.assign(json);
  bytea_.clear();
  bytea_.reserve(json.size());
  simdjson::ondemand::document document;
  simdjson::ondemand::object object;
  if (parser_.iterate(padded_.data(), padded_.size(), padded_.capacity()).get(document)) return false;
  if (document.get_object().get(object)) return false;
  for (auto field : object) {
    std::string_view name;
    Item item;
    if (field.unescaped_key().get(name) || field.value().get(item)) return false;
    if (!read_field(name, item, fields)) return false;
  }
  const char* behind = nullptr;
  return document.current_location().get(behind) == simdjson::OUT_OF_BOUNDS;  // nothing follows the object
}

bool FieldReader::read_field(std::string_view name, Item item, Fields& fields) {
  if (name == "columns") return fields.has_columns = read_columns(item, columns);
  if (name == "identity") return fields.has_identity = read_columns(item, identity);
  if (name == "lsn") return read_lsn(item, fields.lsn);
  if (name == "nextlsn") return read_lsn(item, fields.next_lsn);
  if (name == "transactional") return item.get_bool().get(fields.transactional) == simdjson::SUCCESS;
  if (name == "xid") {
    std::uint64_t xid = 0;
    if (is_null(item)) return true;
    if (item.get_uint64().get(xid) || xid > 0xffffffff) return false;
    fields.xid = static_cast<Xid>(xid);
    return true;
  }
  return read_text(name, item, fields);
}

bool FieldReader::read_text(std::string_view name, Item item, Fields& fields) {
  std::string_view text;
  std::string_view ignored;
  std::string_view* wanted = &ignored;
  if (name == "schema")
    wanted = &fields.schema;
  else if (name == "table")
    wanted = &fields.table;
  else if (name == "prefix")
    wanted = &fields.prefix;
  else if (name == "content")
    wanted = &fields.content;
  else if (name != "action" && name != "timestamp")
    return true;  // something newer that nobody asked for
  if (is_null(item)) return true;
  if (item.get_string().get(text)) return false;
  if (name == "timestamp") fields.time = timestamp_of(text);
  if (name == "action") fields.action = text.size() == 1 ? text.front() : '\0';
  *wanted = text;
  return true;
}

bool FieldReader::read_columns(Item item, std::vector<NamedValue>& named) {
  named.clear();
  simdjson::ondemand::array array;
  if (item.get_array().get(array)) return false;
  for (auto element : array) {
    simdjson::ondemand::object object;
    if (element.get_object().get(object) || !read_column(object, named.emplace_back())) return false;
  }
  return true;
}

// In wal2json's own order; what comes between these (position, optional, default) nobody asked for.
bool FieldReader::read_column(simdjson::ondemand::object object, NamedValue& column) {
  std::int64_t type = 0;  // written with a sign: beyond 2^31 as negative
  Item item;
  if (object.find_field("name").get_string().get(column.name)) return false;
  if (object.find_field("typeoid").get_int64().get(type) || type < INT32_MIN || type > UINT32_MAX) return false;
  column.type = static_cast<Oid>(type);
  return object.find_field("value").get(item) == simdjson::SUCCESS && read_value(item, column.type, column.value);
}

bool FieldReader::read_value(Item item, Oid type, Value& value) {
  json_type kind{};
  if (item.type().get(kind)) return false;
  std::string_view text;
  bool truth = false;
  switch (kind) {
    case json_type::string:
      if (item.get_string().get(text)) return false;
      value = text_of(text, type);
      return true;
    case json_type::number: value = Value::of(trimmed(item.raw_json_token())); return true;
    case json_type::boolean:
      if (item.get_bool().get(truth)) return false;
      value = Value::of(truth ? "t" : "f");
      return true;
    case json_type::null:
      value = {};
      if (!numbers_as_text_ && can_be_no_number(type)) value.kind = Value::Kind::unreadable;
      return is_null(item);
    default: return false;
  }
}

Value FieldReader::text_of(std::string_view text, Oid type) {
  if (type != type_bytea) return Value::of(text);
  const std::size_t begin = bytea_.size();
  bytea_ += "\\x";
  bytea_ += text;
  return Value::of(std::string_view{bytea_}.substr(begin));
}

}  // namespace pgpassage::migrate::cdc
