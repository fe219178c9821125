#!/usr/bin/env bash
# The practical limit, by hand: COPY pipes in binary with TRUNCATE and FREEZE, two tables at once and the largest first,
# large objects by pg_dump, then indexes and constraints by pg_restore -j2, then ANALYZE.
#   floor.sh SOURCE TARGET FOLDER
set -euo pipefail
source=$1 target=$2 folder=$3
export source target
rm -rf "$folder" && mkdir -p "$folder"
pg_dump -Fc -s -d "$source" -f "$folder/schema.dump"
pg_restore --section=pre-data -d "$target" "$folder/schema.dump"
psql -X -q -At -d "$source" >"$folder/tables" <<'SQL'
SELECT format('%I.%I', nspname, relname), string_agg(quote_ident(attname), ', ' ORDER BY attnum)
  FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace JOIN pg_attribute a ON attrelid = c.oid
 WHERE relkind = 'r' AND nspname !~ '^pg_' AND nspname <> 'information_schema' AND attnum > 0 AND NOT attisdropped
   AND attgenerated = ''
 GROUP BY c.oid, nspname, relname ORDER BY pg_table_size(c.oid) DESC
SQL
copy_one() { # NAME|COLUMNS
  local table=${1%%|*} columns=${1#*|}
  psql -X -q -d "$source" -c "COPY $table ($columns) TO STDOUT (FORMAT binary)" |
    psql -X -q -v ON_ERROR_STOP=1 -d "$target" -c BEGIN -c "TRUNCATE ONLY $table" \
      -c "COPY $table ($columns) FROM STDIN (FORMAT binary, FREEZE)" -c COMMIT
}
export -f copy_one
# shellcheck disable=SC2016  # expanded by the inner shell
tr '\n' '\0' <"$folder/tables" | xargs -0 -P 2 -I{} bash -euo pipefail -c 'copy_one "$1"' _ {}
pg_dump -b -a -T '*.*' -d "$source" | psql -X -q -v ON_ERROR_STOP=1 -d "$target" >/dev/null
psql -X -q -At -d "$source" -c "SELECT format('SELECT setval(%L, %s, %L);', format('%I.%I', schemaname, sequencename),
  coalesce(last_value, start_value), last_value IS NOT NULL) FROM pg_sequences" |
  psql -X -q -v ON_ERROR_STOP=1 -d "$target" >/dev/null
pg_restore --section=post-data -j 2 -d "$target" "$folder/schema.dump"
vacuumdb -q --analyze-only -j 2 -d "$target"
