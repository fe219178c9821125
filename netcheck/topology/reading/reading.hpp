#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "netcheck/topology/document/document.hpp"
#include "netcheck/topology/reader.hpp"

namespace pgpassage::reading {

using document::Kind;
using document::Node;

/// What one reading has gathered so far, and the object that is being read.
class Reading {
 public:
  /// The document must outlive the reading.
  explicit Reading(const document::Document& text) : document_{text} {}

  Location location_of(const Node& node) const { return document_.location_of(node); }

  /// Adds an error at a value. Behind `max_diagnostics` only that there are more is kept.
  void complain(const Node& at, std::string message, std::string suggestion = {});
  void complain(Location at, std::string message, std::string suggestion = {});
  /// Adds an error at the value of a key of the object being read; at the object itself when it has no such key.
  void complain_at(std::string_view key, std::string message, std::string suggestion = {});

  /// True when no further error is kept: loops over the text end here, and nothing is described or suggested for it.
  bool full() const { return more_; }

  /// Whether a likely name may be looked for among so many: a file full of errors gets suggestions for the first.
  bool may_suggest(std::size_t candidates) {
    if (full() || candidates > comparisons_left_) return false;
    comparisons_left_ -= candidates;
    return true;
  }

  /// "subnet 'snet-a'": the object being read, as a message calls it.
  std::string object_name() const;
  const Node* object() const { return object_; }

  /// True when the object at that place has a value of one of these keys that could not be read, or an unknown key,
  /// which may be one of them misspelt: what would follow from their values is not told.
  bool broken(Location object, std::initializer_list<std::string_view> keys) const;
  /// The same of any key, and of one that is missing.
  bool broken(Location object) const { return broken_.contains(key_of(object)); }

  /// Says which key's value is being read; `unknown_key` for one that the object does not have. Outlives the reading.
  void reading_value_of(std::string_view key) { key_ = key; }
  static constexpr std::string_view unknown_key = "?";

  /// Sorted by place, without repetitions (an alias repeats the errors of what it names). The last one says when the
  /// reading was full.
  std::vector<Diagnostic> take_diagnostics();

  std::vector<ReadingNote> notes;

  /// Makes `node` the object being read, for as long as it lives.
  class Scope {
   public:
    Scope(Reading& reading, std::string_view noun, const Node& node)
        : reading_{reading},
          noun_{reading.noun_},
          object_{reading.object_},
          key_{reading.key_},
          name_{std::move(reading.name_)} {
      reading.noun_ = noun;
      reading.object_ = &node;
      reading.name_.clear();
    }
    ~Scope() {
      reading_.noun_ = noun_;
      reading_.object_ = object_;
      reading_.key_ = key_;
      reading_.name_ = std::move(name_);
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Reading& reading_;
    std::string_view noun_;
    const Node* object_;
    std::string_view key_;
    std::string name_;
  };

 private:
  static std::uint64_t key_of(Location at) {
    return std::uint64_t{static_cast<std::uint32_t>(at.line)} << 32 | static_cast<std::uint32_t>(at.column);
  }

  const document::Document& document_;
  std::vector<Diagnostic> diagnostics_;
  bool more_ = false;
  std::size_t comparisons_left_ = 1'000'000;
  std::unordered_map<std::uint64_t, std::vector<std::string_view>> broken_;  // keys by the place of their object
  std::string_view noun_ = "topology";
  const Node* object_ = nullptr;
  std::string_view key_;
  mutable std::string name_;  // what object_name() found, for the next error of the same object
};

/// "a list", "a mapping", "the text 'x'": what was found where something else should stand.
std::string described(const Node& node);

}  // namespace pgpassage::reading
