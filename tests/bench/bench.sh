#!/usr/bin/env bash
# bench.sh [NAME [--json] [--repeat N]]: measures. Prints a table; with --json the last line is one object
# {"bench", "figures": [{"name", "value", "unit", "must", "aim", "met"}]}. Exit status 0 only if every `must` is met.
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")

list() {
  cat <<'TEXT'
usage: ./dev bench NAME [--json] [--repeat N]
  stop-copy   a move by stop-and-copy beside plain criu dump + copy + criu restore; the start of a command
  fs          images, layers and a pod's files: what is shared, what travels, beside rsync and podman
  hook        what the hook of container engines costs a container at its start, and a move its client
  evacuate    a host of 20 pods that is emptied, beside the same pods moved one by one
  live        a move of a running pod: its pause, what it costs in memory and throughput, beside criu's own ways
TEXT
}

name=${1-}
shift || true
case $name in
  stop-copy | live | fs | evacuate | hook)
    make --silent -C "$here/.." target/client target/holder target/files target/pipeshim.so
    exec python3 -B "$here/${name//-/_}.py" "$@"
    ;;
  '' | help | --help | -h) list ;;
  *)
    echo "bench: no benchmark '$name'" >&2
    list >&2
    exit 2
    ;;
esac
