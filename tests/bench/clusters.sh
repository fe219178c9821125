# shellcheck shell=bash disable=SC2034  # what `measure` sets is read by those who source this
# Two PostgreSQL clusters on loopback for a bench, in a folder of their own, and what a command costs. Source it, then
# call `start_clusters`; they stop and the folder goes when the script ends. Root runs the servers as postgres.
#   PGPASSAGE   the binary (run.sh sets it)
#   settings    further lines of postgresql.conf
set -euo pipefail
: "${PGPASSAGE:?path of the pgpassage binary}"
programs=${PGBIN:-$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)}
export PATH=$programs:$PATH PGUSER=postgres PGHOST=127.0.0.1 PGSSLMODE=disable
work=$(mktemp -d "${TMPDIR:-/tmp}/pgpassage-bench.XXXXXX")
export PGPASSAGE_HOME=$work/home
declare -A port postmaster
delays=()

as_server() {
  if [[ $(id -u) == 0 ]]; then (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@"); else "$@"; fi
}

clean_up() {
  local side pid
  for pid in "${delays[@]}"; do kill "$pid" 2>/dev/null || true; done
  for side in "${!postmaster[@]}"; do as_server pg_ctl stop -s -m immediate -D "$work/$side/data" || true; done
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

free_port() {
  local candidate
  while candidate=$((20000 + RANDOM % 10000)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null || break
  done
  echo "$candidate"
}

# Durable as in production; autovacuum would come and go between two runs that are compared.
start_cluster() { # source|target
  local folder=$work/$1
  mkdir "$folder"
  [[ $(id -u) != 0 ]] || chown postgres "$work" "$folder"
  as_server initdb -D "$folder/data" -U postgres -E UTF8 --locale=C.UTF-8 -A trust --no-sync --no-instructions >/dev/null
  port[$1]=$(free_port)
  as_server tee -a "$folder/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = '127.0.0.1'
port = ${port[$1]}
unix_socket_directories = '$folder'
shared_buffers = 1GB
max_wal_size = 8GB
checkpoint_timeout = 15min
maintenance_work_mem = 256MB
autovacuum = off
${settings:-}
CONF
  as_server pg_ctl start -s -w -D "$folder/data" -l "$folder/log" || { cat "$folder/log" >&2; return 1; }
  postmaster[$1]=$(head -n 1 "$folder/data/postmaster.pid")
}

start_clusters() {
  start_cluster source
  start_cluster target
}

# Sets `delayed` to a port of this machine that reaches another one as far away as that.
start_delay() { # PORT MILLISECONDS
  [[ -p $work/port ]] || mkfifo "$work/port"
  "$BUILD/tests/bench/bench_delay" "$1" "$2" >"$work/port" &
  delays+=("$!")
  read -r delayed <"$work/port"
}

uri() { echo "postgresql://postgres@127.0.0.1:${port[$1]}/${2:-}?sslmode=disable"; } # source|target [DATABASE]
sql() { psql -X -q -v ON_ERROR_STOP=1 -p "${port[$1]}" -d "$2" "${@:3}"; }           # source|target DATABASE ...

# Rows of about 2 kB of text and jsonb, every fiftieth with 24 kB that lie out of line.
make_wide() { # DATABASE MEGABYTES
  createdb -p "${port[source]}" "$1"
  sql source "$1" -v rows="$(($2 * 1000000 / 2450))" <<'SQL'
SET synchronous_commit = off;
CREATE TABLE wide (id bigint NOT NULL, title text, body text, attributes jsonb, attachment text);
INSERT INTO wide
SELECT i, 'entry ' || i, substr(noise, 1 + (i * 7919 % 5000)::int, 1300),
       jsonb_build_object('number', i, 'tags', jsonb_build_array(i % 5, 'tag ' || i % 11), 'open', i % 2 = 0,
                          'text', substr(noise, 1 + (i * 104729 % 7000)::int, 450)),
       CASE WHEN i % 50 = 0 THEN noise || noise || noise END
  FROM generate_series(1, :rows::bigint) i,
       (SELECT string_agg(md5(n::text), '') AS noise FROM generate_series(1, 250) n OFFSET 0) made;
ALTER TABLE wide ADD PRIMARY KEY (id);
CREATE INDEX ON wide (title);
VACUUM (FREEZE, ANALYZE) wide;
SQL
}

ticks_of() { # PID: of the process and of its children that have ended
  local stat fields
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || { echo 0; return; }
  read -ra fields <<<"${stat##*) }"
  echo $((fields[11] + fields[12] + fields[13] + fields[14]))
}

# Processor time of both servers so far, in ticks: the postmasters, all that live and all that have ended below them.
server_ticks() {
  local side pid sum=0
  for side in source target; do
    for pid in "${postmaster[$side]}" $(pgrep -P "${postmaster[$side]}"); do sum=$((sum + $(ticks_of "$pid"))); done
  done
  echo "$sum"
}

# Runs a command on freshly checkpointed servers. Sets wall, own (processor time of it and its programs) and servers in
# seconds, and peak (its largest process) in MB.
measure() { # COMMAND...
  local before kilobytes user system
  sql source postgres -c CHECKPOINT
  sql target postgres -c CHECKPOINT
  before=$(server_ticks)
  command time -o "$work/time" -f '%e %U %S %M' "$@" >"$work/output" 2>&1 || { cat "$work/output" >&2; return 1; }
  servers=$(awk -v ticks=$(($(server_ticks) - before)) -v hertz="$(getconf CLK_TCK)" 'BEGIN { print ticks / hertz }')
  read -r wall user system kilobytes < <(tail -n 1 "$work/time")
  own=$(awk "BEGIN { print $user + $system }")
  peak=$(awk "BEGIN { printf \"%.0f\", $kilobytes / 1024 }")
}

median() { printf '%s\n' "$@" | sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
