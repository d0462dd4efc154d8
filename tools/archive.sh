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

train() { # the command may fail: what it loaded counts
  "$java" -XX:DumpLoadedClassList="$work/${1#--}" -jar "$dist/lib/podkit.jar" "$@" &>/dev/null </dev/null || true
}

"$java" -cp "$dist/lib/*" "$here/RaiseClassVersion.java" "$dist"/lib/picocli-*.jar
train --help
train ps
sed 's/ id: [0-9]*$//' "$work"/* | awk '!seen[$0]++' >"$work/classes" # ids count within one list only
"$java" -Xshare:dump -Xlog:disable -XX:SharedClassListFile="$work/classes" -XX:SharedArchiveFile="$work/archive" \
  -cp "$dist/lib/podkit.jar" &>/dev/null || { echo "archive: Java $version makes none; pod starts slower" >&2; exit 0; }
cp "$work/archive" "$archive.new"
mv "$archive.new" "$archive"
