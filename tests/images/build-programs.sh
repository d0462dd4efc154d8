#!/usr/bin/env bash
# build-programs.sh DIR: the layer with the tests' own programs, all in /opt/test, and a file for web servers in /srv.
set -euo pipefail

tests=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/..
layer=$1
make --silent -C "$tests" target/workload target/client
rm -rf "$layer"
mkdir -p "$layer/opt/test" "$layer/srv"
cp -p "$tests"/target/workload "$tests"/workloads/together.sh "$tests"/programs/*.{sh,py,conf} "$layer/opt/test/"
seq 20000 >"$layer/srv/file"
classes=$tests/target/test-classes/io/podkit/tests/programs
if [[ -d $classes ]]; then # not for those who only measure
  mkdir -p "$layer/opt/test/io/podkit/tests"
  cp -pr "$classes" "$layer/opt/test/io/podkit/tests/"
fi
