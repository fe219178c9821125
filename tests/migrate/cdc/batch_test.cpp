#include "migrate/cdc/batch/batch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/migrate/cdc/model.hpp"
#include "tests/random/dice.hpp"

namespace pgpassage::migrate::cdc {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

/// A source that writes random transactions into one table (id, big, code) and says what it did as a plug-in would:
/// `big` is out of line and left out when untouched, `code` is unique.
class Source {
 public:
  enum class Identity { key, full_with_key, full, full_of_twins };

  Source(std::uint32_t seed, Identity identity)
      : dice_{seed},
        identity_{identity},
        table_{identity == Identity::full_of_twins ? std::vector<std::size_t>{} : std::vector<std::size_t>{0, 2}} {
    relation_.schema = "public";
    relation_.name = "t";
    relation_.identity = identity == Identity::key ? ReplicaIdentity::key : ReplicaIdentity::full;
    relation_.columns = {{.name = "id"}, {.name = "big"}, {.name = "code"}};
  }

  std::vector<std::string> key() const {
    const bool keyed = identity_ == Identity::key || identity_ == Identity::full_with_key;
    return keyed ? std::vector<std::string>{"id"} : std::vector<std::string>{};
  }
  ModelTable& table() { return table_; }

  /// One statement that the table takes, told to the batch. A third of them fail as in life, and leave nothing.
  void work(Batch& batch) {
    switch (draw(12)) {
      case 0: truncate_rarely(batch); break;
      case 1:
      case 2:
      case 3:
      case 4: insert(batch); break;
      case 5:
      case 6: remove(batch); break;
      case 7: swap_codes(batch); break;
      default: update(batch);
    }
  }

  void commit(Batch& batch) {
    lsn_.value += 8;
    ASSERT_TRUE(batch.add({0, Commit{.xid = 0, .commit = {}, .end = lsn_, .time = {}}}));
  }

 private:
  std::size_t draw(std::size_t below) { return static_cast<std::size_t>(dice_.below(static_cast<int>(below))); }
  /// Few, so that rows meet in them.
  std::string some_key() { return std::to_string(draw(12)); }
  std::optional<std::string> some_code() {
    if (draw(3) == 0) return std::nullopt;
    return "code " + std::to_string(draw(8));
  }

  Value shown(const std::optional<std::string>& value) {
    if (!value) return {};
    return Value::of(texts_.emplace_back(*value));
  }
  Row shown(const ModelRow& row, std::vector<Value>& values) {
    values.clear();
    for (const auto& value : row) values.push_back(shown(value));
    return values;
  }
  void tell(Batch& batch, What what) {
    const auto taken = batch.add({0, std::move(what)});
    ASSERT_TRUE(taken) << taken.error().message;
    texts_.clear();  // a batch keeps nothing of the message
    std::ranges::fill(old_, Value::of("overwritten"));
    std::ranges::fill(new_, Value::of("overwritten"));
  }

  void insert(Batch& batch) {
    const ModelRow row{some_key(), "big " + std::to_string(draw(1000000)), some_code()};
    if (table_.insert(row)) tell(batch, Insert{&relation_, shown(row, new_)});
  }

  ModelRow* some_row() { return table_.rows().empty() ? nullptr : &table_.rows()[draw(table_.rows().size())]; }

  Row identity_of(const ModelRow& row) {
    ModelRow shown_old = row;
    if (identity_ == Identity::key) shown_old[1] = shown_old[2] = std::nullopt;
    return shown(shown_old, old_);
  }

  void remove(Batch& batch) {
    const ModelRow* found = some_row();
    if (found == nullptr) return;
    const ModelRow old = *found;
    ASSERT_TRUE(table_.remove(old, {0, 1, 2}));
    tell(batch, Delete{&relation_, identity_of(old)});
  }

  void update(Batch& batch) {
    const ModelRow* found = some_row();
    if (found == nullptr) return;
    ModelRow row = *found;
    const bool big_touched = draw(3) == 0;
    if (draw(3) == 0) row[0] = some_key();
    if (big_touched) row[1] = "bigger " + std::to_string(draw(1000000));
    if (draw(2) == 0) row[2] = some_code();
    change(batch, ModelRow{*found}, row);
  }

  void change(Batch& batch, const ModelRow& old, const ModelRow& row) {
    if (!table_.update(old, {0, 1, 2}, row)) return;
    const Row told = shown(row, new_);
    if (old[1] == row[1]) new_[1] = {nullptr, 0, Value::Kind::unchanged};
    const bool with_old = identity_ != Identity::key || old[0] != row[0];
    tell(batch, Update{&relation_, with_old ? identity_of(old) : Row{}, told});
  }

  /// What no statement can do at once: a unique value moves, over NULL, to the row that held the other.
  void swap_codes(Batch& batch) {
    if (table_.rows().size() < 2) return;
    const ModelRow first = table_.rows()[0];
    const ModelRow second = table_.rows()[1];
    change(batch, first, {first[0], first[1], std::nullopt});
    change(batch, second, {second[0], second[1], first[2]});
    change(batch, {first[0], first[1], std::nullopt}, {first[0], first[1], second[2]});
  }

  void truncate_rarely(Batch& batch) {
    if (draw(5) != 0) return;
    table_.truncate();
    const Relation* relation = &relation_;
    tell(batch, Truncate{{&relation, 1}});
  }

  random::Dice dice_;
  Identity identity_;
  ModelTable table_;
  Relation relation_;
  Lsn lsn_{8};
  std::deque<std::string> texts_;
  std::vector<Value> old_;
  std::vector<Value> new_;
};

class RandomBatches : public testing::TestWithParam<Source::Identity> {};

// The set, where the target takes it, and row by row in any case: both must come to what the source has.
TEST_P(RandomBatches, ComeToTheSameAsRowByRow) {
  int as_set = 0;
  int refused = 0;
  for (std::uint32_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Source source{seed, GetParam()};
    Batch batch{[&](const Relation&) { return source.key(); }};
    ModelTable target = source.table();
    for (std::uint32_t part = 0; part < 4; ++part) {
      for (std::uint32_t i = 0; i < 1 + seed % 40; ++i) {
        source.work(batch);
        source.commit(batch);
      }
      for (const TableChanges& changes : batch.take()) {
        ModelTable row_by_row = target;
        ASSERT_TRUE(apply_in_order(row_by_row, changes));
        ASSERT_EQ(row_by_row.sorted(), source.table().sorted());
        ModelTable set = target;
        if (changes.as_set && apply_as_set(set, changes)) {
          ++as_set;
          ASSERT_EQ(set.sorted(), source.table().sorted());
        } else {
          ++refused;
        }
        target = row_by_row;
      }
      batch.clear();
    }
  }
  const bool keyed = GetParam() == Source::Identity::key || GetParam() == Source::Identity::full_with_key;
  EXPECT_GT(as_set, keyed ? refused : 0);  // else this test would not see wrong sets
  EXPECT_GT(refused, 10);                  // nor unique values that move
}

INSTANTIATE_TEST_SUITE_P(OfEveryIdentity, RandomBatches,
                         testing::Values(Source::Identity::key, Source::Identity::full_with_key, Source::Identity::full,
                                         Source::Identity::full_of_twins));

/// A table (id, v) with a key.
class BatchOfOneTable : public testing::Test {
 protected:
  BatchOfOneTable() {
    relation_.schema = "public";
    relation_.name = "t";
    relation_.columns = {{.name = "id"}, {.name = "v"}};
  }
  static Value text(const char* words) { return Value::of(words); }
  void insert(const char* id, const char* v) { add(Insert{&relation_, pair(new_, text(id), text(v))}); }
  void update(const char* id, Value v) { add(Update{&relation_, {}, pair(new_, text(id), v)}); }
  void rename(const char* from, const char* to, Value v) {
    const Row old = pair(old_, text(from), {});
    add(Update{&relation_, old, pair(new_, text(to), v)});
  }
  void remove(const char* id) { add(Delete{&relation_, pair(old_, text(id), {})}); }
  TableChanges only() {
    auto tables = batch_.take();
    EXPECT_THAT(tables, SizeIs(1));
    return std::move(tables.at(0));
  }
  void add(What what) { ASSERT_TRUE(batch_.add({0, std::move(what)})); }

  Relation relation_;
  Batch batch_{[](const Relation&) { return std::vector<std::string>{"id"}; }};

 private:
  static Row pair(std::vector<Value>& values, Value first, Value second) { return values = {first, second}; }
  std::vector<Value> old_;
  std::vector<Value> new_;
};

TEST_F(BatchOfOneTable, ARowThatComesAndGoesIsNoStatement) {
  insert("1", "a");
  update("1", text("b"));
  remove("1");
  const TableChanges changes = only();
  EXPECT_TRUE(changes.deletes.empty() && changes.updates.empty() && changes.inserts.empty());
}

TEST_F(BatchOfOneTable, ThousandUpdatesOfARowAreOne) {
  for (int i = 0; i < 1000; ++i) update("1", text("x"));
  update("1", text("last"));
  const TableChanges changes = only();
  ASSERT_THAT(changes.updates, SizeIs(1));
  ASSERT_THAT(changes.updates[0].rows, SizeIs(1));
  EXPECT_EQ(changes.updates[0].rows[0][1].bytes(), "last");
  EXPECT_THAT(changes.updates[0].columns, testing::ElementsAre(1));
}

TEST_F(BatchOfOneTable, AnUntouchedValueOfARowWithAnotherKeyStaysOnTheTarget) {
  rename("1", "2", {nullptr, 0, Value::Kind::unchanged});
  const TableChanges changes = only();
  ASSERT_THAT(changes.updates, SizeIs(1));
  EXPECT_EQ(changes.updates[0].keys[0][0].bytes(), "1");
  EXPECT_THAT(changes.updates[0].columns, testing::ElementsAre(0));
}

TEST_F(BatchOfOneTable, ValuesThatThePluginCouldNotWriteAreRefused) {
  std::vector<Value> row{text("1"), {nullptr, 0, Value::Kind::unreadable}};
  const auto refused = batch_.add({0, Insert{&relation_, row}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::unsupported);
  EXPECT_THAT(refused.error().message, HasSubstr("public.t has a value in v"));
}

TEST_F(BatchOfOneTable, ADescriptionThatChangesEndsTheMerging) {
  insert("1", "a");
  Relation wider = relation_;
  wider.columns.push_back({.name = "later"});
  const std::vector<Value> row{text("2"), text("b"), text("c")};
  add(Insert{&wider, row});
  const TableChanges changes = only();
  EXPECT_FALSE(changes.as_set);
  EXPECT_TRUE(changes.inserts.empty());
  ASSERT_THAT(changes.in_order, SizeIs(2));
  EXPECT_EQ(changes.in_order[1].relation, &wider);
}

TEST_F(BatchOfOneTable, OnlyWholeTransactionsCountAsItsEnd) {
  add(Begin{});
  insert("1", "a");
  EXPECT_FALSE(batch_.ends());
  add(Commit{.xid = 0, .commit = {}, .end = {80}, .time = {}});
  add(Begin{});
  insert("2", "b");
  EXPECT_FALSE(batch_.ends());
  EXPECT_EQ(batch_.end(), Lsn{80});
  batch_.clear();
  EXPECT_FALSE(batch_.ends());
  EXPECT_EQ(batch_.end(), Lsn{});
}

TEST_F(BatchOfOneTable, StreamedChangesAreRefused) {
  const std::vector<Value> row{text("1"), text("a")};
  EXPECT_FALSE(batch_.add({7, Insert{&relation_, row}}));
  EXPECT_FALSE(batch_.add({0, StreamStart{}}));
  EXPECT_FALSE(batch_.add({0, Prepare{}}));
}

}  // namespace
}  // namespace pgpassage::migrate::cdc
