#!/usr/bin/env bash
# What a migration costs beside pg_dump and pg_restore on the same databases, in turn: wall time, processor time beside
# that of the two servers, and memory. `migrate` ends with a verification, which pg_restore does not: it is also run
# alone, and taken off for the line "copy".
#   ROUNDS        how often each is run (3); the medians count
#   COMPRESSION   of pg_dump (0: without gzip, its fastest here)
# shellcheck disable=SC1091,SC2154  # sourced, and what it sets
. "$(dirname "${BASH_SOURCE[0]}")/clusters.sh"
rounds=${ROUNDS:-3}
compression=${COMPRESSION:-0}

fresh_target() { PGOPTIONS="-c client_min_messages=warning" dropdb -p "${port[target]}" --if-exists "$1"; }

migrate() { # DATABASE
  fresh_target "$1"
  measure "$PGPASSAGE" migrate --quiet --source "$(uri source)" --target "$(uri target)" --databases "$1" \
    --option Migrate --name "bench-$1-$RANDOM$RANDOM"
}

verify() { measure "$PGPASSAGE" verify --quiet --source "$(uri source)" --target "$(uri target)" --databases "$1"; }

dump_and_restore() { # DATABASE
  fresh_target "$1"
  createdb -p "${port[target]}" "$1"
  rm -rf "$work/dump"
  # shellcheck disable=SC2016  # expanded by the inner shell
  measure bash -euc 'pg_dump -Fd -j2 -Z "$4" -f "$1" -d "$2" && pg_restore -j2 -d "$3" "$1"' - \
    "$work/dump" "$(uri source "$1")" "$(uri target "$1")" "$compression"
}

ratio() { awk "BEGIN { printf \"%.2f\", ($1) / ($2) }"; }

compare() { # DATABASE
  local -A all
  local round what
  for ((round = 1; round <= rounds; ++round)); do
    for what in dump_and_restore migrate verify; do
      "$what" "$1"
      all[$what,wall]+="$wall " all[$what,own]+="$own " all[$what,servers]+="$servers " all[$what,peak]+="$peak "
    done
  done
  local -A m
  local key
  # shellcheck disable=SC2086  # a list of numbers
  for key in "${!all[@]}"; do m[$key]=$(median ${all[$key]}); done
  printf '%s, %s, medians of %d\n' "$1" "$(sql source "$1" -At -c 'SELECT pg_size_pretty(pg_database_size(current_database()))')" "$rounds"
  printf '  wall: migrate %s s of which verify %s s; pg_dump and pg_restore %s s\n' \
    "${m[migrate,wall]}" "${m[verify,wall]}" "${m[dump_and_restore,wall]}"
  printf '  wall / (pg_dump + pg_restore):  copy %s   copy and verify %s\n' \
    "$(ratio "${m[migrate,wall]} - ${m[verify,wall]}" "${m[dump_and_restore,wall]}")" \
    "$(ratio "${m[migrate,wall]}" "${m[dump_and_restore,wall]}")"
  printf '  own processor time / servers'\'':  copy %s   copy and verify %s   (pg_dump and pg_restore %s)\n' \
    "$(ratio "${m[migrate,own]} - ${m[verify,own]}" "${m[migrate,servers]} - ${m[verify,servers]}")" \
    "$(ratio "${m[migrate,own]}" "${m[migrate,servers]}")" "$(ratio "${m[dump_and_restore,own]}" "${m[dump_and_restore,servers]}")"
  printf '  peak memory: %s MB\n' "${m[migrate,peak]}"
}

start_clusters
createdb -p "${port[source]}" pgbench
pgbench -i -q -s "${SCALE:-20}" -p "${port[source]}" pgbench 2>/dev/null
compare pgbench
make_wide wide "${MEGABYTES:-300}"
compare wide
