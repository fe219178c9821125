#!/usr/bin/env bash
# Loads PostgreSQL's own regression-test database into one server, migrates it to another, compares both, and shows what
# pg_dump says of them differently. The tests come from Debian's source package; `PGPASSAGE` is the binary.
set -euo pipefail

bin=/usr/lib/postgresql/15/bin
work=$(mktemp -d)
chmod 755 "$work"
servers=()
trap 'kill -QUIT "${servers[@]}" 2>/dev/null; rm -rf "$work"' EXIT

as_server() { # program argument...
  if [[ $(id -u) == 0 ]]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi
}

fetch() { # the package's sources and what its C functions need, without changing this machine's own lists
  local parts=$work/parts lists=$work/lists
  mkdir -p "$parts" "$lists/partial" "$work/source"
  sed 's/^Types:.*/Types: deb-src/' /etc/apt/sources.list.d/debian.sources >"$parts/sources.sources"
  local -a only=(-o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$parts" -o "Dir::State::lists=$lists")
  apt-get "${only[@]}" -qq update
  local version
  # The newest that the mirror still holds: a security update's source may be gone.
  while read -r version; do
    (cd "$work/source" && apt-get "${only[@]}" -qq source --download-only "postgresql-15=$version") && break
  done < <(apt-cache "${only[@]}" showsrc postgresql-15 | sed -n 's/^Version: //p' | sort -rV)
  tar -xjf "$work"/source/postgresql-15_*.orig.tar.bz2 -C "$work/source" --strip-components=1
  (cd "$work" && apt-get -qq download postgresql-server-dev-15 && dpkg -x postgresql-server-dev-15_*.deb headers)
}

build_functions() {
  local include=$work/headers/usr/include/postgresql/15/server module
  mkdir "$work/functions"
  gcc -shared -fPIC -O1 -I"$include" -o "$work/functions/regress.so" "$work/source/src/test/regress/regress.c"
  for module in refint autoinc; do
    gcc -shared -fPIC -O1 -I"$include" -o "$work/functions/$module.so" "$work/source/contrib/spi/$module.c"
  done
}

raise() { # name port
  install -d -o "$(as_server id -un)" "$work/$1"
  as_server "$bin/initdb" -D "$work/$1/data" -U postgres -E UTF8 --locale=C.UTF-8 --no-sync -A trust >/dev/null
  as_server "$bin/postgres" -D "$work/$1/data" -p "$2" -c unix_socket_directories="$work/$1" -c fsync=off -c wal_level=logical \
    -c max_prepared_transactions=0 -c "dynamic_library_path=\$libdir:$work/functions" >"$work/$1.log" 2>&1 &
  servers+=($!)
  until "$bin/pg_isready" -q -h 127.0.0.1 -p "$2"; do kill -0 "${servers[-1]}"; done
}

load() { # port: the tests in their order; their own comparison of results is not what is wanted here
  local tests=$work/source/src/test/regress test
  export PG_ABS_SRCDIR=$tests PG_LIBDIR=$work/functions PG_DLSUFFIX=.so PG_ABS_BUILDDIR=$work/results
  export PGHOST=127.0.0.1 PGUSER=postgres PGTZ=America/Los_Angeles PGDATESTYLE='Postgres, MDY'
  install -d -m 777 "$work/results" "$work/results/results"
  psql -Xqp "$1" -c "CREATE DATABASE regression TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'" postgres
  while read -r test; do
    case $test in tablespace | infinite_recurse) continue ;; esac
    (cd "$work/results" && PGOPTIONS='-c intervalstyle=postgres_verbose' psql -Xqp "$1" -d regression \
      -v HIDE_TABLEAM=on -v HIDE_TOAST_COMPRESSION=on <"$tests/sql/$test.sql") >"$work/results/$test.out" 2>&1 || true
  done < <(sed -n 's/^test: //p' "$tests/parallel_schedule" | tr ' ' '\n')
  unset PGTZ PGDATESTYLE
}

text_of() { # port
  "$bin/pg_dump" --create -p "$1" regression | grep -av -e '^.restrict' -e '^.unrestrict'
}

fetch
build_functions
raise source 17415
raise target 17515
load 17415
export PGPASSAGE_HOME=$work/home
mkdir "$PGPASSAGE_HOME"
status=0
"$PGPASSAGE" migrate --source postgresql://postgres@127.0.0.1:17415/ --target postgresql://postgres@127.0.0.1:17515/ \
  --databases regression --name regression --roles create --option Migrate --quiet >"$work/report" || status=$?
sed -n '1,20p; /^Verification/,/^ *Database/p' "$work/report"
diff <(text_of 17415) <(text_of 17515) || true
exit "$status"
