#!/bin/bash
# Records how a real server's plug-in writes workload.sql: record.sh PLUGIN PROGRAMS [OPTION VALUE]... > FILE
# One line per message: its Lsn, then its bytes in hexadecimal. Needs psql, and root to become the user postgres.
# SETTING is one more line of postgresql.conf: debug_logical_replication_streaming=immediate streams from 16 on.
set -euo pipefail
plugin=$1 programs=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
chown postgres "$work"
as_server() { setpriv --reuid=postgres --regid=postgres --clear-groups env LD_LIBRARY_PATH="$programs/../lib" "$@"; }
stop() { kill -INT "$(head -1 "$work/data/postmaster.pid")" 2>/dev/null && wait "$server" || true; rm -rf "$work"; }
trap stop EXIT
as_server "$programs/initdb" --no-sync --locale=C --encoding=UTF8 -A trust -U postgres "$work/data" >/dev/null
libraries=()
[ -e /usr/lib/postgresql/15/lib/wal2json.so ] && [ "$plugin" = wal2json ] && [[ $programs == /usr/lib/postgresql/15/* ]] &&
  libraries=(-c "output_plugin_libraries=pgoutput, test_decoding, wal2json")
as_server "$programs/postgres" -D "$work/data" -c fsync=off -c listen_addresses= -c unix_socket_directories="$work" \
  -c wal_level=logical -c max_prepared_transactions=2 "${libraries[@]}" ${SETTING:+-c "$SETTING"} \
  >"$work/log" 2>&1 &
server=$!
sql() { psql -X -q -A -t -F ' ' -v ON_ERROR_STOP=1 -h "$work" -U postgres postgres "$@"; }
until sql -c 'SELECT' >/dev/null 2>&1; do kill -0 $server || { cat "$work/log" >&2; exit 1; }; done
version=$(sql -c 'SHOW server_version_num')
sql -f "$here/tables.sql" -c 'CREATE PUBLICATION p FOR ALL TABLES' >/dev/null
two_phase=
[ "$version" -ge 150000 ] && [ "$plugin" != wal2json ] && two_phase=', false, true'
sql -c "SELECT pg_create_logical_replication_slot('s', '$plugin'$two_phase)" >/dev/null
sql -f "$here/workload.sql" >/dev/null
[ "$version" -ge 110000 ] && sql -c "INSERT INTO parent VALUES (1)" \
  -c "TRUNCATE parent, keyless RESTART IDENTITY CASCADE" -c "TRUNCATE wide" 2>/dev/null
{ [ "$plugin" != pgoutput ] || [ "$version" -ge 140000 ]; } &&
  sql -c "SELECT pg_logical_emit_message(true, 'prefix, sz: 3 content:', 'text'), pg_logical_emit_message(false, 'now', '')" >/dev/null
[ -n "$two_phase" ] && sql -c "BEGIN; INSERT INTO wide VALUES (7); PREPARE TRANSACTION 'it is''s'" \
  -c "BEGIN; INSERT INTO wide VALUES (8); PREPARE TRANSACTION 'undone'" \
  -c "COMMIT PREPARED 'it is''s'" -c "ROLLBACK PREPARED 'undone'"
options=
while [ $# -ge 2 ]; do options+=", '$1', '$2'"; shift 2; done
sql -c "SET timezone = 'UTC'; SET extra_float_digits = 3; SET bytea_output = hex;
  SELECT lsn, encode(data, 'hex') FROM pg_logical_slot_get_binary_changes('s', NULL, NULL$options)" |
  sed '/^$/d'
