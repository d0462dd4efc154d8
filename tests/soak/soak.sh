#!/usr/bin/env bash
# soak.sh [OPTIONS] [-- MIGRATE OPTIONS]: moves the adversaries of tests/workloads there and back until one of them finds
# its memory changed, or all is well. soak.sh --help has the options.
set -euo pipefail
tests=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/..
make --silent -C "$tests" target/workload
exec python3 -B "$tests/soak/soak.py" "$@"
