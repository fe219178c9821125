# shellcheck shell=bash disable=SC2034,SC2154  # what `measure` sets and clusters.sh makes
# The ways in which a database can be copied, each a function of one argument: the database. They are measured with
# `measure` of clusters.sh, which must be sourced first. SOURCE and TARGET are ports: the servers', or a delay's.

fresh_target() { PGOPTIONS="-c client_min_messages=warning" dropdb -p "${port[target]}" --if-exists "$1"; }
empty_target() { fresh_target "$1" && createdb -p "${port[target]}" "$1"; }
at() { echo "postgresql://postgres@127.0.0.1:$1/${2:-}?sslmode=disable"; } # PORT [DATABASE]

# Sets `copied` to the wall time without the verification, which the others have none of.
by_pgpassage() {
  fresh_target "$1"
  measure "$PGPASSAGE" migrate --source "$(at "$SOURCE")" --target "$(at "$TARGET")" --databases "$1" \
    --option Migrate --name "bench-$1-$RANDOM$RANDOM" --log-level info
  copied=$(awk -v wall="$wall" -F'took=' '/database compared/ { compared += $2 } END { print wall - compared }' "$work/output")
}

by_pgcopydb() {
  empty_target "$1"
  rm -rf "$work/pgcopydb"
  measure pgcopydb clone --source "$(at "$SOURCE" "$1")" --target "$(at "$TARGET" "$1")" --table-jobs 2 --index-jobs 2 \
    --dir "$work/pgcopydb"
}

by_dump_and_restore() {
  empty_target "$1"
  rm -rf "$work/dump"
  # shellcheck disable=SC2016  # expanded by the inner shell
  measure bash -euc 'pg_dump -Fd -j2 -Z0 -f "$1" -d "$2" && pg_restore -j2 -d "$3" "$1"' - \
    "$work/dump" "$(at "$SOURCE" "$1")" "$(at "$TARGET" "$1")"
}

by_pipe() {
  empty_target "$1"
  # shellcheck disable=SC2016
  measure bash -euo pipefail -c 'pg_dump -d "$1" | psql -X -q -v ON_ERROR_STOP=1 -d "$2"' - \
    "$(at "$SOURCE" "$1")" "$(at "$TARGET" "$1")"
}

by_floor() {
  empty_target "$1"
  measure "$here/floor.sh" "$(at "$SOURCE" "$1")" "$(at "$TARGET" "$1")" "$work/floor"
}
