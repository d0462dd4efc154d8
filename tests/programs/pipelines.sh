#!/bin/bash
# Shell pipelines without end: processes come and go all the time, each result is known beforehand.
set -uo pipefail

expect() { # WANTED FOUND
  [[ $2 == "$1" ]] || { echo "FAIL pipelines: '$2' instead of '$1'"; exit 1; }
}

numbers() {
  while :; do
    expect 12502500 "$(seq 5000 | sort -rn | awk '{ s += $1 } END { print s }')"
    echo numbers
  done
}

words() {
  while :; do
    expect 500 "$(yes podkit | head -n 500 | tr a-z A-Z | grep -c PODKIT)"
    expect 3 "$(printf '%s\n' b a c a | sort | uniq | wc -l)"
    echo words
  done
}

files() {
  local scratch
  scratch=$(mktemp -d)
  while :; do
    seq 2000 | tee "$scratch/list" | wc -l >"$scratch/count"
    expect 2000 "$(<"$scratch/count")"
    expect 2000 "$(find "$scratch" -name list -exec tail -n 1 {} \;)"
    echo files
  done
}

numbers & words & files &
wait -n
exit 1
