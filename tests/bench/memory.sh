#!/usr/bin/env bash
# pgpassage's memory while it moves one table, small and large: it must not grow with the table.
# shellcheck disable=SC1091,SC2154  # sourced, and what it sets
. "$(dirname "${BASH_SOURCE[0]}")/clusters.sh"
start_clusters
first=
for megabytes in ${SIZES:-100 600}; do
  make_wide "wide_$megabytes" "$megabytes"
  measure "$PGPASSAGE" migrate --quiet --source "$(uri source)" --target "$(uri target)" --databases "wide_$megabytes" \
    --option Migrate --name "memory-$megabytes"
  first=${first:-$peak}
  printf 'a table of %s MB: peak %s MB, %s x the first\n' "$megabytes" "$peak" "$(awk "BEGIN { printf \"%.2f\", $peak / $first }")"
  dropdb -p "${port[source]}" "wide_$megabytes"
  dropdb -p "${port[target]}" "wide_$megabytes"
done
