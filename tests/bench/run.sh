#!/usr/bin/env bash
# All benches, or those named: `./dev bench [NAME...]`. Figures are ratios within one run, or medians beside a baseline
# of the same run; absolute times belong to the machine. Leaves nothing behind.
#   BUILD   folder of a release build
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
BUILD=${BUILD:-$here/../../build/release}
export PGPASSAGE=$BUILD/app/pgpassage BUILD
all=(check reading shadows estate copy crossing memory agent probes report changes)

bench_check() { "$BUILD/tests/bench/bench_check" "$PGPASSAGE"; }
bench_reading() {
  "$BUILD/tests/bench/bench_reading" 5000
  "$BUILD/tests/bench/bench_reading" 100000
}
bench_shadows() { "$BUILD/tests/bench/bench_shadows"; }
bench_estate() {
  "$BUILD/tests/bench/bench_estate"
  "$BUILD/tests/bench/bench_estate" --dense
}
bench_crossing() { "$here/crossing.sh"; }
bench_copy() { "$here/copy.sh"; }
bench_agent() { "$BUILD/tests/bench/bench_agent"; }
bench_probes() { "$BUILD/tests/bench/bench_probes"; }
bench_report() { "$BUILD/tests/bench/bench_report"; }
bench_changes() { "$BUILD/tests/bench/bench_change_stream"; }
bench_memory() { "$here/memory.sh"; }

[[ -x $PGPASSAGE ]] || { printf 'bench: no %s; ./dev bench builds it\n' "$PGPASSAGE" >&2; exit 2; }
[[ $# -gt 0 ]] || set -- "${all[@]}"
for name; do
  declare -F "bench_$name" >/dev/null || { printf "bench: no bench '%s'; there are: %s\n" "$name" "${all[*]}" >&2; exit 2; }
done
for name; do
  printf '== %s\n' "$name"
  "bench_$name"
done
