#!/usr/bin/env bash
# image.sh DIR: makes DIR/image.tar, the image `podkit-host` as `docker save` would write it: a small Debian out of this
# machine's packages, with podkit in /opt/pod, its CRIU where it is on this machine, and the tests' client in /opt/test.
# No registry.
set -euo pipefail

tests=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/..
repository=$tests/..
own=$1/own merged=$1/merged image=$1/image

package_of() { dpkg-query --search "$(readlink -f "$1")" | cut -d: -f1; }

packages=(dash nftables squashfs-tools "$(package_of /usr/bin/java)")
while IFS='=' read -r _ file; do # the distribution's CRIU, unless it is podkit's own
  [[ $file == /opt/podkit/* ]] || packages+=("$(package_of "$file")")
done </opt/podkit/criu.env
"$tests/images/build-image.sh" base "$tests/target/images" >/dev/null
"$tests/images/build-image.sh" host "$tests/target/images" "${packages[@]}" >/dev/null
make --silent -C "$tests" target/client target/holder >&2

trap 'umount "$merged" 2>/dev/null || true; rm -rf --one-file-system "$own" "$merged" "$image"' EXIT
mkdir -p "$merged" "$image" "$own"/opt/{pod,test/holder/{dev,proc,sys,tmp,etc}}
cp -r "$repository"/{bin,cli/target/dist/lib,cli/target/dist/libexec} "$own/opt/pod/"
cp "$repository"/cli/target/dist/*.jsa "$own/opt/pod/" 2>/dev/null || true # starts slower without
cp -r /opt/podkit "$own/opt/"
cp "$tests/target/client" "$tests/docker/host.sh" "$own/opt/test/"
cp "$tests/target/holder" "$own/opt/test/holder/"
echo 'root:x:0:0::/:/bin/sh' >"$own/opt/test/holder/etc/passwd"
# an overlay, because Docker refuses an archive that names a file twice
mount -t overlay overlay -o "lowerdir=$own:$tests/target/images/host:$tests/target/images/base" "$merged"
tar -cf "$image/layer.tar" -C "$merged" .
cat >"$image/config.json" <<JSON
{"os": "linux", "architecture": "$(dpkg --print-architecture)",
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$(sha256sum "$image/layer.tar" | cut -d' ' -f1)"]}}
JSON
echo '[{"Config": "config.json", "RepoTags": ["podkit-host:latest"], "Layers": ["layer.tar"]}]' >"$image/manifest.json"
tar -cf "$1/image.tar" -C "$image" manifest.json config.json layer.tar
