#!/usr/bin/env bash
# `migrate` beside pgcopydb, pg_dump and pg_restore, pg_dump piped into psql, and the floor (floor.sh), in turn on the
# same servers: medians of wall time, processor time of the client and of both servers, and the largest process.
#   DATABASES  of pgbench, mixed, many (all three)
#   SIZE       in percent of pgbench -s 50, 600 MB and 20,000 tables (100)
#   CLIENTS    of pgpassage, verify, pgcopydb, dump_and_restore, pipe, floor (all)
#   ROUNDS     how often each is run (5)
#   DELAY      milliseconds of round trip between client and servers (0)
# shellcheck disable=SC1091,SC2154  # sourced, and what it sets
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
settings="max_locks_per_transaction = 1024" . "$here/clusters.sh"
. "$here/databases.sh"
. "$here/clients.sh"
size=${SIZE:-100}
read -ra databases <<<"${DATABASES:-pgbench mixed many}"
read -ra clients <<<"${CLIENTS:-pgpassage verify pgcopydb dump_and_restore pipe floor}"

by_verify() {
  measure "$PGPASSAGE" verify --quiet --source "$(at "$SOURCE")" --target "$(at "$TARGET")" --databases "$1"
}

# A client that fails is a result: pgcopydb 0.10 and pg_dump have limits of their own.
run_once() { # CLIENT DATABASE
  if "by_$1" "$2" 2>>"$work/failures"; then
    all[$1,wall]+="$wall " all[$1,own]+="$own " all[$1,servers]+="$servers " all[$1,peak]+="$peak "
    [[ $1 != pgpassage ]] || all[copy,wall]+="$copied "
  else
    all[$1,failed]=yes
  fi
}

print_row() { # CLIENT LABEL
  if [[ -z ${all[$1,wall]:-} ]]; then
    printf '| %s | failed | | | |\n' "$2"
    return
  fi
  # shellcheck disable=SC2086  # lists of numbers
  printf '| %s | %.1f | %.2f | %.1f | %s |\n' "$2" "$(median ${all[$1,wall]})" "$(median ${all[$1,own]:-0})" \
    "$(median ${all[$1,servers]:-0})" "$(median ${all[$1,peak]:-0})"
}

compare() { # DATABASE
  local -A all=()
  local round client
  for ((round = 1; round <= ${ROUNDS:-5}; ++round)); do
    for client in "${clients[@]}"; do run_once "$client" "$1"; done
  done
  printf '\n%s, %s, round trip %s ms, medians of %s\n\n' "$1" \
    "$(sql source "$1" -At -c 'SELECT pg_size_pretty(pg_database_size(current_database()))')" "${DELAY:-0}" "${ROUNDS:-5}"
  printf '| client | wall s | own CPU s | servers CPU s | peak MB |\n| --- | --- | --- | --- | --- |\n'
  for client in "${clients[@]}"; do
    print_row "$client" "${client//_/ }"
    [[ $client != pgpassage ]] || print_row copy "pgpassage without verification"
  done
}

start_clusters
SOURCE=${port[source]} TARGET=${port[target]}
if [[ ${DELAY:-0} != 0 ]]; then
  start_delay "${port[source]}" "$DELAY" && SOURCE=$delayed
  start_delay "${port[target]}" "$DELAY" && TARGET=$delayed
fi
for database in "${databases[@]}"; do
  "make_$database" "$size"
  compare "$database"
  dropdb -p "${port[source]}" "$database"
  fresh_target "$database"
done
[[ ! -s $work/failures ]] || { printf '\nWhat failed said:\n' && sort "$work/failures" | uniq -c | sort -rn | head -n 5; }
