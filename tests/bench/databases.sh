# shellcheck shell=bash disable=SC2154  # what clusters.sh makes
# The databases that copies are measured with, made on the source; each function takes a size in percent.

make_pgbench() {
  createdb -p "${port[source]}" pgbench
  pgbench -i -q -s "$((50 * $1 / 100 + (50 * $1 % 100 > 0)))" -p "${port[source]}" pgbench 2>/dev/null
}

# About 600 MB: one table of 400 MB with four secondary indexes and a foreign key, fourteen of wide text, jsonb, bytea,
# numeric, arrays, out of line values and narrow rows, a partitioned one, and 2,000 large objects.
make_mixed() {
  createdb -p "${port[source]}" mixed
  sql source mixed -v percent="$1" -f "$here/mixed.sql"
}

# 20,000 tables with a key and ten rows each, in twenty schemas.
make_many() {
  createdb -p "${port[source]}" many
  sql source many -v tables="$((200 * $1))" <<'SQL'
SET synchronous_commit = off;
SELECT format('CREATE SCHEMA s%s', s) FROM generate_series(0, 19) s \gexec
SELECT format('CREATE TABLE s%1$s.t%2$s (id int PRIMARY KEY, name text NOT NULL, made timestamptz DEFAULT now());'
              ' INSERT INTO s%1$s.t%2$s SELECT i, md5(i::text) FROM generate_series(1, 10) i', t % 20, t)
  FROM generate_series(1, :tables) t \gexec
VACUUM (ANALYZE);
SQL
}
