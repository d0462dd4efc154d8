#!/usr/bin/env bash
# criu-check.sh CRIU: does this CRIU really dump and restore here? Its version does not tell: an older one fails on a
# newer kernel only when it meets a socket or the vDSO. So a pair of processes talking TCP is dumped and restored.
# Silent and 0 when they live on; else what failed, with CRIU's own error lines, on stderr and 1.
set -euo pipefail

if [[ ${2-} != inside ]]; then
  # Own namespaces: the pair's pids stay free, and CRIU's network lock does not touch the host. It needs lo up.
  exec unshare --net --mount --pid --fork --kill-child --mount-proc "$0" "$1" inside </dev/null
fi

criu=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "criu-check: $criu: $1" >&2
  cat "$work"/*.log 2>/dev/null | grep -a 'Error (' | grep -v RLIMIT_NOFILE | tail -3 >&2 || true
  exit 1
}

talking() { # true once more lines have come over the pair's connection
  local before tries
  before=$(wc -l <"$work/heard")
  for tries in {1..100}; do
    (($(wc -l <"$work/heard") > before + 2)) && return
    sleep 0.02
  done
  return 1
}

ip link set lo up
touch "$work/heard"
setsid python3 -c '
import os, socket, time
os.closerange(3, 4096)
listener = socket.create_server(("127.0.0.1", 0))
if os.fork() == 0:
    with socket.create_connection(listener.getsockname()) as speaker:
        while True:
            speaker.sendall(b"tick\n")
            time.sleep(0.01)
ear = listener.accept()[0]
while True:
    os.write(1, ear.recv(100))
' </dev/null >>"$work/heard" 2>/dev/null &
pair=$!
disown # its death is expected
talking || fail 'the test processes do not start'

options=(--images-dir "$work" --tcp-established --network-lock nftables)
"$criu" dump "${options[@]}" --tree "$pair" --log-file dump.log &>/dev/null || fail 'dump failed'
while kill -0 "$pair" 2>/dev/null; do sleep 0.01; done
"$criu" restore "${options[@]}" --restore-detached --log-file restore.log &>/dev/null || fail 'restore failed'
talking || fail 'the restored processes do not run'
