#!/usr/bin/env bash
# archive.sh DIST: stores the classes that common commands load in an archive the JVM maps at start (class data sharing).
# One archive per Java version, because the JVM accepts only its own; bin/pod runs without one where there is none.
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
  "$java" -XX:DumpLoadedClassList="$work/${*//[^a-z]/_}.classes" -jar "$dist/lib/podkit.jar" "$@" &>/dev/null </dev/null || true
}

"$java" -cp "$dist/lib/*" "$here/RaiseClassVersion.java" "$dist"/lib/picocli-*.jar
train --help
train ps -a
train ps -a -o json
train inspect web
train logs web
train exec web true
train run --name new --image none true
sed 's/ id: [0-9]*$//' "$work"/*.classes | awk '!seen[$0]++' >"$work/all" # ids count within one list only
"$java" -Xshare:dump -Xlog:disable -XX:SharedClassListFile="$work/all" -XX:SharedArchiveFile="$work/archive" \
  -cp "$dist/lib/podkit.jar" &>/dev/null || { echo "archive: Java $version makes none; pod starts slower" >&2; exit 0; }
cp "$work/archive" "$archive.new"
mv "$archive.new" "$archive"
