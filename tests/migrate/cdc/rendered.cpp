#include "tests/migrate/cdc/rendered.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace pgpassage::migrate::cdc {
namespace {

std::string bytes_of(std::string_view hexadecimal) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hexadecimal.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string{hexadecimal.substr(i, 2)}, nullptr, 16));
  return bytes;
}

std::string shown(const Value& value) {
  switch (value.kind) {
    case Value::Kind::null: return "(null)";
    case Value::Kind::unchanged: return "(unchanged)";
    case Value::Kind::unreadable: return "(unreadable)";
    default: break;
  }
  std::string text{value.bytes()};
  std::ranges::replace(text, '\n', '~');
  if (text.size() > 40) text = fmt::format("{}... {} bytes", text.substr(0, 10), text.size());
  return text;
}

std::string shown(const Relation& relation) { return relation.schema + "." + relation.name; }

std::string shown(const Relation& relation, Row row, bool with_nulls) {
  std::string text;
  for (std::size_t i = 0; i < row.size(); ++i)
    if (with_nulls || row[i].kind != Value::Kind::null)
      text += fmt::format(" {}={}", relation.columns.at(i).name, shown(row[i]));
  return text;
}

bool says_something(Row old, Row row) {
  for (std::size_t i = 0; i < old.size(); ++i)
    if (old[i].kind != Value::Kind::null && !(old[i] == row[i])) return true;
  return false;
}

struct Lines {
  std::string text;

  void operator()(const Ignored&) {}
  void operator()(const Described&) {}
  void operator()(const Begin&) { text = "begin"; }  // whether it will be prepared, only pgoutput says
  void operator()(const Commit&) { text = "commit"; }
  void operator()(const Prepare& prepare) { text = fmt::format("prepare {}", prepare.gid); }
  void operator()(const CommitPrepared& prepared) { text = fmt::format("commit prepared {}", prepared.gid); }
  void operator()(const RollbackPrepared& prepared) { text = fmt::format("rollback prepared {}", prepared.gid); }
  void operator()(const StreamStart&) { text = "stream start"; }
  void operator()(const StreamStop&) { text = "stream stop"; }
  void operator()(const StreamAbort&) { text = "stream abort"; }
  void operator()(const Insert& insert) {
    text = fmt::format("insert {}{}", shown(*insert.relation), shown(*insert.relation, insert.row, true));
  }
  void operator()(const Update& update) {
    const std::string old =
        says_something(update.old, update.row) ? " old:" + shown(*update.relation, update.old, false) : "";
    text = fmt::format("update {}{} new:{}", shown(*update.relation), old, shown(*update.relation, update.row, true));
  }
  void operator()(const Delete& gone) {
    text = fmt::format("delete {}{}", shown(*gone.relation), shown(*gone.relation, gone.old, false));
  }
  void operator()(const Truncate& truncate) {
    for (const Relation* relation : truncate.relations)
      text += fmt::format("{}truncate {}{}{}", text.empty() ? "" : "\n", shown(*relation),
                          truncate.cascade ? " cascade" : "", truncate.restart_identity ? " restart" : "");
  }
  void operator()(const LogicalMessage& message) {
    text = fmt::format("message {} {} {}", message.transactional ? "transactional" : "at once", message.prefix,
                       message.content);
  }
};

/// Puts streamed transactions in the order of their ends.
class Order {
 public:
  void add(const Change& change) {
    if (const auto* start = std::get_if<StreamStart>(&change.what)) {
      xid_ = start->xid;
      if (start->first) streamed_[xid_].clear();
    } else if (std::holds_alternative<StreamStop>(change.what)) {
      xid_ = 0;
    } else if (const auto* abort = std::get_if<StreamAbort>(&change.what)) {
      std::erase_if(streamed_[abort->xid], [&](const auto& line) {
        return abort->xid == abort->subtransaction || line.first == abort->subtransaction;
      });
    } else if (xid_ != 0) {
      if (const std::string line = rendered(change); !line.empty()) streamed_[xid_].emplace_back(change.xid, line);
    } else {
      add_end(change);
    }
  }
  std::vector<std::string> lines;

 private:
  void add_end(const Change& change) {
    const auto* commit = std::get_if<Commit>(&change.what);
    const auto* prepare = std::get_if<Prepare>(&change.what);
    if (commit != nullptr && commit->streamed) put(commit->xid);
    if (prepare != nullptr && prepare->streamed) put(prepare->xid);
    const std::string line = rendered(change);
    if (line == "commit" && lines.back() == "begin")
      lines.pop_back();
    else
      push(line);
  }
  void push(const std::string& text) {
    std::istringstream several{text};
    for (std::string line; std::getline(several, line);) lines.push_back(line);
  }
  void put(Xid xid) {
    lines.emplace_back("begin");
    for (const auto& [of, line] : streamed_[xid]) push(line);
  }

  Xid xid_ = 0;
  std::map<Xid, std::vector<std::pair<Xid, std::string>>> streamed_;
};

}  // namespace

std::vector<RecordedMessage> recorded(std::string_view name) {
  std::ifstream file{fmt::format("{}/tests/migrate/cdc/recorded/{}.txt", PGPASSAGE_SOURCE_DIR, name)};
  if (!file) throw std::runtime_error(fmt::format("no recording {}", name));
  std::vector<RecordedMessage> messages;
  std::string lsn;
  for (std::string payload; file >> lsn >> payload;) messages.push_back({*Lsn::parse(lsn), bytes_of(payload)});
  return messages;
}

std::string rendered(const Change& change) {
  Lines lines;
  std::visit(lines, change.what);
  return lines.text;
}

std::vector<std::string> rendered(const std::vector<RecordedMessage>& messages, Decoder decoder) {
  Order order;
  for (const RecordedMessage& message : messages) {
    const auto change = decoder.read({message.lsn, message.payload});
    if (!change) throw std::runtime_error(change.error().message);
    order.add(**change);
  }
  return order.lines;
}

}  // namespace pgpassage::migrate::cdc
