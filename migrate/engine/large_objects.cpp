#include "migrate/engine/large_objects.hpp"

#include "migrate/copy/binary.hpp"
#include "migrate/copy/copy_out.hpp"
#include "migrate/pg/pipeline.hpp"
#include "migrate/plan/script.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

constexpr std::size_t batch_bytes = 1024 * 1024;  // of contents, or half as many objects as this has kilobytes
constexpr std::size_t batch_objects = 500;
constexpr std::size_t batches_under_way = 4;
constexpr int attributes_at_once = 5000;

// Pieces of 256 kB. An object has no length in any catalog: it is opened (262144 is INV_READ), its end sought, and
// closed again, one after the other.
constexpr auto contents = R"(COPY (
SELECT o, at, pg_catalog.lo_get(o, at, 262144)
  FROM (SELECT o, pg_catalog.lo_lseek64(fd, 0, 2) AS size, pg_catalog.lo_close(fd)
          FROM (SELECT oid AS o, pg_catalog.lo_open(oid, 262144) AS fd
                  FROM pg_catalog.pg_largeobject_metadata OFFSET 0) opened OFFSET 0) measured,
       pg_catalog.generate_series(0, greatest(size - 1, 0), 262144) AS at
) TO STDOUT (FORMAT binary))";

// Pieces that travel together: those that make an object, and those that go on with it.
class Batch {
 public:
  void add(std::int64_t oid, std::int64_t at, std::string_view piece) {
    const std::string key = binary_oid(static_cast<std::uint32_t>(oid));
    bytes_ += piece.size();
    if (at == 0) {
      made_.push_back(key);
      first_.emplace_back(piece);
    } else {
      continued_.push_back(key);
      at_.push_back(binary_bigint(at));
      further_.emplace_back(piece);
    }
  }
  bool full() const { return bytes_ >= batch_bytes || made_.size() >= batch_objects; }
  bool empty() const { return made_.empty() && continued_.empty(); }

  Result<void> send(Pipeline& target) const {
    Result<void> sent;
    if (!made_.empty()) {
      const std::vector<std::string> parameters{binary_array(ElementType::oid, made_),
                                                binary_array(ElementType::bytea, first_)};
      sent = target.add("SELECT pg_catalog.lo_from_bytea(o, d) FROM unnest($1::oid[], $2::bytea[]) AS t(o, d)",
                        parameters);
    }
    if (sent && !continued_.empty()) {
      const std::vector<std::string> parameters{binary_array(ElementType::oid, continued_),
                                                binary_array(ElementType::bigint, at_),
                                                binary_array(ElementType::bytea, further_)};
      sent = target.add(
          "SELECT pg_catalog.lo_put(o, at, d) FROM unnest($1::oid[], $2::bigint[], $3::bytea[]) AS t(o, at, d)",
          parameters);
    }
    return sent ? target.end_group() : sent;
  }

 private:
  std::size_t bytes_ = 0;
  std::vector<std::string> made_, first_;
  std::vector<std::string> continued_, at_, further_;
};

asio::awaitable<Result<void>> wait_for_answers(Pipeline& target, std::size_t may_be_under_way) {
  while (target.groups_under_way() > may_be_under_way)
    if (auto answered = co_await target.next_answer(); !answered) co_return answered;
  co_return Result<void>{};
}

asio::awaitable<Result<void>> send(Batch& batch, Pipeline& target) {
  if (auto sent = batch.send(target); !sent) co_return sent;
  batch = Batch{};
  co_return co_await wait_for_answers(target, batches_under_way);
}

asio::awaitable<Result<std::int64_t>> forward_contents(CopyOut& source, Pipeline& target) {
  Batch batch;
  std::int64_t count = 0;
  for (;;) {
    const auto row = co_await source.next_row();
    if (!row) co_return tl::unexpected(row.error());
    if (row->empty()) break;
    const auto fields = fields_of_row(row->bytes());
    if (fields.size() != 3) continue;  // the trailer
    const std::int64_t at = number_of(fields[1]);
    count += at == 0 ? 1 : 0;
    batch.add(number_of(fields[0]), at, fields[2]);
    if (!batch.full()) continue;
    if (const auto sent = co_await send(batch, target); !sent) co_return tl::unexpected(sent.error());
  }
  if (!batch.empty())
    if (const auto sent = co_await send(batch, target); !sent) co_return tl::unexpected(sent.error());
  if (const auto answered = co_await wait_for_answers(target, 0); !answered) co_return tl::unexpected(answered.error());
  co_return count;
}

// Every column but the oid may be NULL: nothing to do for it.
constexpr auto attributes = R"(
SELECT * FROM (
SELECT m.oid,
       'COMMENT ON LARGE OBJECT ' || m.oid || ' IS ' || pg_catalog.quote_literal(pg_catalog.obj_description(m.oid, 'pg_largeobject')) || ';',
       CASE WHEN r.rolname <> $3 THEN 'ALTER LARGE OBJECT ' || m.oid || ' OWNER TO ' || pg_catalog.quote_ident(r.rolname) || ';' END,
       CASE WHEN m.lomacl IS NOT NULL THEN
         'REVOKE ALL ON LARGE OBJECT ' || m.oid || ' FROM ' || pg_catalog.quote_ident(r.rolname) || ';' END,
       (SELECT string_agg('GRANT ' || a.privilege_type || ' ON LARGE OBJECT ' || m.oid || ' TO '
                          || coalesce(pg_catalog.quote_ident(g.rolname), 'PUBLIC')
                          || CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END || ';', E'\n'
                          ORDER BY a.place)
          FROM pg_catalog.aclexplode(m.lomacl) WITH ORDINALITY
               a(grantor, grantee, privilege_type, is_grantable, place) LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee)
  FROM pg_catalog.pg_largeobject_metadata m JOIN pg_catalog.pg_roles r ON r.oid = m.lomowner
 WHERE m.oid > $1) a(o, comment, owner, revoke, grants)
 WHERE (comment, owner, revoke) IS DISTINCT FROM (NULL, NULL, NULL) ORDER BY o LIMIT $2)";

void add(std::vector<std::string>& statements, const Rows& rows, int row, int column) {
  if (rows.is_null(row, column)) return;
  for (auto& statement : split_statements(rows.text(row, column))) statements.push_back(std::move(statement));
}

}  // namespace

asio::awaitable<Result<std::int64_t>> copy_large_objects(Session& source, Session& target) {
  auto out = co_await CopyOut::begin(source, contents);
  if (!out) co_return tl::unexpected(std::move(out.error()));
  Pipeline pipeline{target};
  auto copied = co_await forward_contents(*out, pipeline);
  if (copied)
    if (const auto ended = pipeline.end(); !ended) copied = tl::unexpected(ended.error());
  if (copied) co_return copied;
  co_await source.cancel();
  co_await target.cancel();
  co_return copied;
}

asio::awaitable<Result<LargeObjectPage>> large_object_attributes(Session& source, std::int64_t after,
                                                                 std::string login) {
  const std::vector<Parameter> page{std::to_string(after), std::to_string(attributes_at_once), login};
  const auto rows = co_await source.query(attributes, page);
  if (!rows) co_return tl::unexpected(rows.error());
  LargeObjectPage result{.last = after, .more = rows->size() == attributes_at_once};
  for (int row = 0; row < rows->size(); ++row) {
    result.last = rows->integer(row, 0);
    add(result.comments, *rows, row, 1);
    add(result.ownership, *rows, row, 2);
    add(result.privileges, *rows, row, 3);
    add(result.privileges, *rows, row, 4);
  }
  co_return result;
}

}  // namespace pgpassage::migrate
