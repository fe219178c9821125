#!/usr/bin/env bash
# The main job from beginning to end, on a network that exists only as long as this script runs: check, break, mend,
# migrate, verify, report. Every command is shown as one would type it, and must end as said here or the demo fails.
#   PGPASSAGE, PGPASSAGE_LAB   the two programs (./dev demo builds them)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${PGPASSAGE:?path of the pgpassage binary}" "${PGPASSAGE_LAB:?path of the pgpassage-lab binary}"

work=$(mktemp -d "${TMPDIR:-/tmp}/pgpassage-demo.XXXXXX")
lab=$work/lab
clean_up() {
  "$PGPASSAGE_LAB" down --state "$lab" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

bold() { printf '\n\033[1m%s\033[0m\n' "$*"; }
section() { bold "== $* ($SECONDS s)"; }
typed() { printf '\033[36m%s$\033[0m %s\n' "$1" "$2"; }

# expect STATUS PLACE COMMAND...: shows and runs a command on a machine of the network; STATUS is what it must return.
expect() {
  local wanted=$1 place=$2 status=0
  shift 2
  typed "$place" "$*"
  "$PGPASSAGE_LAB" exec --state "$lab" "$place" -- "$@" || status=$?
  [[ $status == "$wanted" ]] && return
  printf 'demo: that returned %s instead of %s\n' "$status" "$wanted" >&2
  exit 1
}

apply() { # FILE: what happens to the network, not to the file that pgpassage reads
  typed lab "pgpassage-lab apply $1"
  "$PGPASSAGE_LAB" apply --state "$lab" "$1"
}

mkdir "$work/bin" "$work/home"
ln -s "$(readlink -f "$PGPASSAGE")" "$work/bin/pgpassage"
export PATH=$work/bin:$PATH PGPASSAGE_HOME=$work/home
cd "$work"
cp "$here/../../topology-examples/demo-s11.yaml" .

section "A network from a file: namespaces, filters, DNS servers, three PostgreSQL servers"
typed lab "pgpassage-lab up demo-s11.yaml --auth scram"
"$PGPASSAGE_LAB" up demo-s11.yaml --state "$lab" --auth scram
ORDERS_SOURCE_PASSWORD=$(<"$lab/secrets/orders-source")
ORDERS_TARGET_PASSWORD=$(<"$lab/secrets/orders-target")
export ORDERS_SOURCE_PASSWORD ORDERS_TARGET_PASSWORD

section "The source gets two databases, owned by the ordinary role 'migrator'"
# shellcheck disable=SC2016  # expanded by the shell on orders-source
PGPASSFILE=$lab/secrets/pgpass PGHOST=192.168.10.20 PGUSER=migrator \
  "$PGPASSAGE_LAB" exec --state "$lab" orders-source -- bash -euc '
    createdb orders && createdb billing
    psql -q -d orders -f "$0/sample-orders.sql" >/dev/null & orders=$!
    psql -q -d billing -f "$0/sample-billing.sql" >/dev/null
    wait "$orders"
    psql -d orders -c "SELECT datname AS database, pg_size_pretty(pg_database_size(datname)) AS size FROM pg_database WHERE datname IN (\$\$orders\$\$, \$\$billing\$\$)"' "$here"

section "Can the migration cross? On paper and live, from the host that stands for the migration runtime server"
expect 0 vm-crossing pgpassage check demo-s11.yaml

section "Somebody changes one NSG rule. The file does not know it; the network does"
sed '/name: allow-postgres-from-runtime/,/access:/ s/access: Allow/access: Deny/' demo-s11.yaml >denied.yaml
apply denied.yaml
expect 1 vm-crossing pgpassage check demo-s11.yaml --time-limit 3
typed lab "pgpassage-lab hits"
"$PGPASSAGE_LAB" hits --state "$lab"

section "The rule is mended, and somebody removes the link of a private DNS zone"
sed '/- name: privatelink\.postgres/,/aRecords:/ { /link-runtime/d }' demo-s11.yaml >unlinked.yaml
apply unlinked.yaml
expect 1 vm-crossing pgpassage check demo-s11.yaml --time-limit 3

section "With both mistakes in the file, no network is needed to find them"
sed '/- name: privatelink\.postgres/,/aRecords:/ { /link-runtime/d }' denied.yaml >broken.yaml
diff -U 0 --label demo-s11.yaml --label broken.yaml demo-s11.yaml broken.yaml || true
expect 1 vm-crossing pgpassage check --no-live broken.yaml

section "Mended"
apply demo-s11.yaml
expect 0 vm-crossing pgpassage check demo-s11.yaml | head -n 2

section "The crossing"
typed vm-crossing "pgpassage migrate demo-s11.yaml"
mkfifo progress
"$PGPASSAGE_LAB" exec --state "$lab" vm-crossing -- pgpassage migrate demo-s11.yaml >migrate.out 2>progress &
migration=$!
exec {progress}<progress
# Its progress says when rows are on their way.
while IFS= read -r line <&"$progress"; do
  printf '%s\n' "$line" >>migrate.err
  [[ $line != orders-to-flexible*" data"* ]] || break
done
cat <&"$progress" >>migrate.err &
reader=$!
bold "-- meanwhile, in another terminal"
expect 0 vm-crossing pgpassage list
expect 0 vm-crossing pgpassage show orders-to-flexible
status=0
wait "$migration" || status=$?
wait "$reader"
bold "-- in the first one"
tail -n 25 migrate.err
cat migrate.out
[[ $status == 0 ]] || { printf 'demo: migrate returned %s\n' "$status" >&2; exit 1; }

section "Is everything there, and the same?"
expect 0 vm-crossing pgpassage verify orders-to-flexible

section "For the auditor"
expect 0 vm-crossing pgpassage report orders-to-flexible

section "And the network goes away"
typed lab "pgpassage-lab down"
"$PGPASSAGE_LAB" down --state "$lab"
