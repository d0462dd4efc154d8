#!/usr/bin/env bash
# setup.sh [PROGRAM]...: installs what building and testing need and is missing, and these programs (each from the
# package of its name), then provides CRIU. Runs again in no time.
set -euo pipefail

readonly here=${BASH_SOURCE[0]%/*}

die() { echo "setup: $*" >&2; exit 1; }

# What must be there, and the package that brings it on Debian and Ubuntu.
readonly programs='
  mvn maven
  gcc gcc
  make make
  ip iproute2
  nft nftables
  mksquashfs squashfs-tools
  zstd zstd
  xz xz-utils
  redis-server redis-server
  redis-cli redis-tools
  nginx nginx-light
  ps procps
  unshare util-linux
  mkfs.ext4 e2fsprogs
  mkfs.xfs xfsprogs
  mkfs.btrfs btrfs-progs
  mkfs.erofs erofs-utils
  sshfs sshfs
  dockerd docker.io
  docker-registry docker-registry
  podman podman
  runc runc
  skopeo skopeo
  openssl openssl'

java_version() { # of the compiler that Maven will take: 17, 21, ...
  "${JAVA_HOME:+$JAVA_HOME/bin/}javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p'
}

jdk_package() { # Debian 12 has 17; later releases only have newer ones
  if apt-cache show openjdk-17-jdk-headless &>/dev/null; then echo openjdk-17-jdk-headless; else echo default-jdk-headless; fi
}

exists() { compgen -G "$1" >/dev/null; }

missing_packages() { # PROGRAM...
  local program package
  for program; do
    type -P "$program" >/dev/null || echo "$program"
  done
  while read -r program package; do
    [[ -z $program ]] || PATH=$PATH:/usr/sbin:/sbin type -P "$program" >/dev/null || echo "$package"
  done <<<"$programs"
  python3 -c 'import asyncio, statistics' 2>/dev/null || echo python3 # its minimal package lacks these
  exists '/usr/lib/postgresql/*/bin/postgres' || echo postgresql
  [[ -x /usr/lib/openssh/sftp-server ]] || echo openssh-sftp-server
  exists '/usr/lib/*/libc.a' || exists '/usr/lib/libc.a' || echo libc6-dev
  (($(java_version) + 0 >= 17)) || echo jdk
}

# Packages start their services on installation; Podkit wants only the programs.
install() {
  local policy=/usr/sbin/policy-rc.d
  if [[ ! -e $policy ]]; then
    trap "rm -f $policy" EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@" >/dev/null
}

install_missing() { # PROGRAM...
  local packages
  mapfile -t packages < <(missing_packages "$@")
  ((${#packages[@]})) || return 0
  type -P apt-get >/dev/null || die "missing ${packages[*]}: no apt-get here, install them with this distribution's own tool"
  ((EUID == 0)) || die "missing ${packages[*]}: run 'sudo ./dev setup' once"
  apt-cache show make &>/dev/null || apt-get update -q >/dev/null || die 'cannot fetch package lists: setup needs the network'
  packages=("${packages[@]/#jdk/$(jdk_package)}")
  echo "setup: installing ${packages[*]}" >&2
  install "${packages[@]}" || { apt-get update -q >/dev/null && install "${packages[@]}"; } ||
    die "apt-get could not install ${packages[*]}: see its message above"
}

install_missing "$@"
"$here/criu.sh"
