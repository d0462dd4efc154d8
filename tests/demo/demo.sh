#!/usr/bin/env bash
# demo.sh [--json]: a Redis with 256 MiB of data and a client that writes to it moves from hostA to hostB and back. Says
# whether the connection held, whether an acknowledged write was lost, and how long the client had to wait.
#
# With --json the last line is one object. client_pause_ms and frozen_ms are the longest of the migrations, total_ms and
# bytes_sent their sums. Exit status 0 only if everything held.
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
tests=$here/..
export PODKIT_LAB_DIR=/var/lib/podkit-demo
readonly here tests address=10.77.1.10 rate=500 values=262144 value_bytes=1024 # 256 MiB

lab() { "$tests/lab/lab.sh" "$@"; }
say() { printf '\n== %s\n' "$*" >&2; }
die() { echo "demo: $1" >&2; [[ -z ${2-} ]] || echo "hint: $2" >&2; exit 1; }

number() { # KEY JSON: the first number of that name
  [[ $2 =~ \"$1\"\ *:\ *([0-9.]+) ]] && echo "${BASH_REMATCH[1]}"
}

sum() { awk 'BEGIN { for (i = 1; i < ARGC; i++) s += ARGV[i]; printf "%.1f", s }' "$@"; }
longest() { printf '%s\n' "$@" | sort -g | tail -1; }

import_images() {
  "$tests/images/build-image.sh" redis "$tests/target/images" >/dev/null
  lab exec hostA -- pod image import base "$tests/target/images/base" >/dev/null
  lab exec hostA -- pod image import redis "$tests/target/images/redis" --base base >/dev/null
}

start_redis() { # NAME ADDRESS
  lab exec hostA -- pod run -d --name "$1" --image redis --ip "$2" --user redis --workdir /var/lib/redis -- \
    redis-server --bind 0.0.0.0 --protected-mode no --save '' >/dev/null
}

redis() { lab exec client -- redis-cli -h $address "$@"; }

await_redis() {
  local tries
  for tries in {1..100}; do
    [[ $(redis ping 2>/dev/null) != PONG ]] || return 0
    sleep 0.1
  done
  lab exec hostA -- pod logs redis >&2
  die 'Redis does not answer'
}

fill() { # with values that no compression makes small
  head -c $((values * value_bytes / 4 * 3)) /dev/urandom | base64 -w $value_bytes |
    awk '{ k = "data:" NR; printf "*3\r\n$3\r\nSET\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n", length(k), k, length($0), $0 }' |
    redis --pipe >/dev/null
}

start_client() {
  make --silent -C "$tests" target/client
  coproc client { lab exec client -- "$tests/target/client" redis $address 6379 $rate; }
  read -r answer <&"${client[0]}" && [[ $answer == ready ]] || die 'the client cannot connect'
}

ask_client() { # mark|stop: its answer, one line of JSON
  echo "$1" >&"${client[1]}"
  read -r answer <&"${client[0]}"
  echo "$answer"
}

migrate() { # FROM TO: appends to reports and pauses
  ask_client mark >/dev/null
  reports+=("$(lab exec "$1" -- pod migrate redis "10.77.0.$([[ $2 == hostA ]] && echo 11 || echo 12)" -o json | tail -n 1)")
  sleep 1 # so that the pause is over
  pauses+=("$(number pause_ms "$(ask_client mark)")")
}

row() { printf '%-34s %14s %14s %10s\n' "$@"; }

phases() { # a row for each phase: its time in both migrations
  local names times
  mapfile -t names < <(grep -o '"phase" *: *"[a-z_]*"' <<<"${reports[0]}" | cut -d'"' -f4)
  local name
  for name in "${names[@]}"; do
    times=()
    for report in "${reports[@]}"; do
      [[ $report =~ \"$name\"[^}]*\"ms\"\ *:\ *([0-9.]+) ]] && times+=("${BASH_REMATCH[1]}") || times+=(-)
    done
    row "  ${name//_/ }" "${times[@]}" ms
  done
}

of_each() { local report; for report in "${reports[@]}"; do number "$1" "$report"; done; }

print_table() {
  echo
  row '' 'A to B' 'B to A' ''
  row 'longest pause the client saw' "${pauses[@]}" ms
  row 'frozen' $(of_each frozenMs) ms
  row 'total' $(of_each totalMs) ms
  phases
  row 'sent' $(of_each bytesSent) bytes
  echo
  row 'connections broken' "$broken" '' ''
  row 'writes acknowledged' "$acked" '' ''
  row 'acknowledged writes lost' "$lost" '' ''
}

print_json() {
  printf '{"ok": %s, "connections_broken": %s, "writes_acked": %s, "writes_lost": %s, "client_pause_ms": %s, ' \
    "$ok" "$broken" "$acked" "$lost" "$(longest "${pauses[@]:-0}")"
  printf '"frozen_ms": %s, "total_ms": %s, "bytes_sent": %.0f, "migrations": %d}\n' \
    "$(longest $(of_each frozenMs) 0)" "$(sum $(of_each totalMs))" "$(sum $(of_each bytesSent))" "${#reports[@]}"
}

finish() {
  local status=$?
  trap - EXIT
  lab down || status=1
  [[ $status == 0 ]] || ok=false
  [[ $json == no ]] || print_json
  [[ $ok == true ]] || exit 1
}

json=no
[[ ${1-} != --json ]] || json=yes
ok=false broken=0 acked=0 lost=0 reports=() pauses=()
trap finish EXIT
trap 'exit 130' INT TERM

say 'two hosts, hostA (10.77.0.11) and hostB (10.77.0.12), and a client (10.77.0.100)'
lab up
import_images
say "two pods of the same layers on hostA; Redis in one of them gets 256 MiB of data"
start_redis redis $address
start_redis idle 10.77.1.11
await_redis
fill
say "the client writes $rate keys a second over one connection"
start_client
sleep 2
say 'hostA: pod migrate redis hostB'
migrate hostA hostB
say 'hostB: pod migrate redis hostA'
migrate hostB hostA
verdict=$(ask_client stop)
broken=$(number broken "$verdict") acked=$(number acked "$verdict") lost=$(number lost "$verdict")
keys=$(redis dbsize)
print_table
[[ $broken == 0 && $lost == 0 && $acked -gt 0 && $keys == $((values + acked)) && ${#reports[@]} == 2 ]] && ok=true ||
  echo "demo: it did not hold: $verdict, $keys keys" >&2
