#!/usr/bin/env bash
# archive.sh DIST: stores the classes that common commands load in an archive the JVM maps at start (class data sharing).
# One archive per Java version, because the JVM accepts only its own; bin/pod runs without one where there is none. The Java
# of the newest is named beside it.
set -euo pipefail

here=${BASH_SOURCE[0]%/*}
dist=$1
java=$(readlink -f "$(type -P "${JAVA_HOME:+$JAVA_HOME/bin/}java")")
version=$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "${java%/bin/java}/release")
archive=$dist/pod-$version.jsa
[[ -f $archive && -z $(find "$dist/lib" -newer "$archive" -print -quit) ]] && exit

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The commands see a host with one pod that has ended. They may fail: what they loaded counts.
cp -r "$here/training" "$work/root"
export PODKIT_ROOT=$work/root PODKIT_RUN=$work/run
train() {
  "$java" -XX:DumpLoadedClassList="$work/${*//[^a-z]/_}.classes" -Dpodkit.init="$dist/libexec/pod-init" \
    -Djffi.boot.library.path="$dist/libexec/jni" -jar "$dist/lib/podkit.jar" "$@" &>/dev/null </dev/null || true
}
# A move of a pod that has ended is refused, but by then both ends have met.
train_a_move() {
  train pki init
  train pki issue localhost -o "$work/keys"
  train pki install "$work/keys"
  "$java" -XX:DumpLoadedClassList="$work/agent.classes" -jar "$dist/lib/podkit.jar" agent --listen 127.0.0.1:0 -o json \
    >"$work/agent" 2>/dev/null </dev/null &
  local agent=$! port=
  for ((i = 0; i < 50 && ${#port} == 0; i++)); do
    sleep 0.1
    port=$(sed -n 's/.*"port":\([0-9]*\).*/\1/p' "$work/agent")
  done
  train check web "localhost:$port"
  train migrate web "localhost:$port"
  kill "$agent" 2>/dev/null || true # it may have failed to start
  wait "$agent" || true
}

# A pod that runs, in namespaces of its own: without root, or where that fails, its start is less well trained.
train_a_run() {
  ((EUID == 0)) || return 0
  mkdir "$work/tree"
  cp "$dist/libexec/pod-init" "$work/tree/program"
  java=$java work=$work dist=$dist timeout 60 unshare --mount --net --propagation private bash -c "
    $(declare -f train)
    train image import trained \$work/tree
    train run --rm --name new --image trained -- /program --version
    train run -d --name new --image trained -- /program --version
    train rm -f new
    train image rm trained
  " || true
  # The groups of hosts stay for the next pod, and this host ends here; their name is that of its run directory.
  local mark top
  mark=$(printf '%s' "$PODKIT_RUN" | sha256sum | cut -c1-8)
  awk '$3 ~ /^cgroup2?$/ {print $2}' /proc/mounts | while read -r top; do
    rmdir "$top/podkit/$mark" "$top/podkit" 2>/dev/null || true
  done
}

"$java" -cp "$dist/lib/*" "$here/RaiseClassVersion.java" "$dist"/lib/picocli-*.jar
train --help
train ps -a
train ps -a -o json
train inspect web
train logs web
train exec web true
train run --name new --image none true
train_a_run
train_a_move
sed 's/ id: [0-9]*$//' "$work"/*.classes >"$work/trained" # ids count within one list only
# A move that is refused never comes to the classes that move memory: all of our own go in.
for jar in "$dist"/lib/{native,pod-*,podkit}*.jar; do
  "${java%/java}/jar" tf "$jar" | sed -n '/-info.class$/d; s/\.class$//p'
done >"$work/own"
cat "$work/trained" "$work/own" | awk '!seen[$0]++' >"$work/all"
"$java" -Xshare:dump -Xlog:disable -XX:SharedClassListFile="$work/all" -XX:SharedArchiveFile="$work/archive" \
  -cp "$dist/lib/podkit.jar" &>/dev/null || { echo "archive: Java $version makes none; pod starts slower" >&2; exit 0; }
cp "$work/archive" "$archive.new"
mv "$archive.new" "$archive"
echo "$java" >"$dist/java"
