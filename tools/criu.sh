#!/usr/bin/env bash
# criu.sh: provides a CRIU that works on this kernel and records it in /opt/podkit/criu.env.
#
# The distribution's own is taken when it passes criu-check.sh. Otherwise the one of Debian testing, which wants a newer
# glibc than stable releases have: apt downloads and verifies it with all its libraries, and they are unpacked into a
# prefix of their own, where the binary is started through its own dynamic loader. The rest of the system sees nothing.
set -euo pipefail

readonly prefix=/opt/podkit
readonly mirror=http://deb.debian.org/debian
readonly keyring=/usr/share/keyrings/debian-archive-keyring.gpg
readonly oldest=4.2
readonly here=${BASH_SOURCE[0]%/*}

die() { echo "setup: $*" >&2; exit 1; }

record() { # CRIU LIBCRIU LIBPROTOBUFC
  mkdir -p "$prefix"
  printf 'CRIU=%s\nLIBCRIU=%s\nLIBPROTOBUFC=%s\n' "$@" >"$prefix/criu.env.new"
  mv "$prefix/criu.env.new" "$prefix/criu.env"
}

# The record's program is still there, and was checked on this very kernel.
provided() {
  [[ -f $prefix/criu.env && -f $prefix/criu.kernel && $(<"$prefix/criu.kernel") == "$(uname -r)" ]] || return 1
  local name path
  while IFS='=' read -r name path; do [[ -e $path ]] || return 1; done <"$prefix/criu.env"
}

system_library() { # NAME
  ldconfig -p | awk -v name="$1" '$1 == name { print $NF; exit }'
}

# 4.2 changed the page-server protocol and the pagemap images; we speak and write these only.
new_enough() { # CRIU
  local version
  version=$("$1" --version | sed -n 's/^Version: //p')
  [[ $(printf '%s\n' 4.2 "$version" | sort -V | head -1) == 4.2 ]]
}

from_distribution() {
  local criu libcriu
  criu=$(type -P criu) && [[ $criu != "$prefix"/* ]] && new_enough "$criu" && "$here/criu-check.sh" "$criu" || return 1
  [[ -n $(system_library libcriu.so.2) ]] || apt-get install -qy --no-install-recommends libcriu2 >/dev/null || return 1
  libcriu=$(system_library libcriu.so.2)
  [[ -n $libcriu ]] || return 1
  record "$criu" "$libcriu" "$(system_library libprotobuf-c.so.1)"
}

# What an earlier run unpacked, after a change of kernel.
from_prefix() {
  [[ -x $prefix/bin/criu ]] && "$here/criu-check.sh" "$prefix/bin/criu" || return 1
  record "$prefix/bin/criu" "$prefix"/lib/{libcriu.so.2,libprotobuf-c.so.1}
}

# An apt that knows nothing but Debian testing and believes that nothing is installed.
private_apt() { # STATE ARGUMENTS...
  local state=$1
  shift
  apt-get -q -o Dir="$state" -o Dir::State::status="$state/status" -o Dir::Etc="$state/etc" -o Debug::NoLocking=1 \
    -o APT::Install-Recommends=false -o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}

fetch_testing() { # STATE: leaves the verified packages in STATE/var/cache/apt/archives
  local state=$1
  mkdir -p "$state"/etc/{apt.conf.d,preferences.d,sources.list.d,trusted.gpg.d} \
    "$state"/var/{lib/apt/lists/partial,cache/apt/archives/partial}
  touch "$state/status"
  echo "deb [signed-by=$keyring] $mirror testing main" >"$state/etc/sources.list"
  private_apt "$state" update >/dev/null && private_apt "$state" install -y --download-only criu libcriu2 >/dev/null
}

unpack() { # ARCHIVES PREFIX
  local package
  for package in "$1"/*.deb; do dpkg-deb -x "$package" "$2"; done
}

from_testing() {
  local work=$1 version root loader library
  type -P apt-get dpkg-deb >/dev/null || die "no apt here: put a CRIU >= $oldest that works on this kernel on PATH"
  [[ -f $keyring ]] || apt-get install -qy debian-archive-keyring >/dev/null
  fetch_testing "$work" || die "apt cannot fetch CRIU from $mirror: setup needs the network, or a working CRIU on PATH"
  version=$(dpkg-deb -f "$work"/var/cache/apt/archives/criu_*.deb Version)
  version=${version%%-*}
  dpkg --compare-versions "$version" ge "$oldest" || die "Debian testing carries CRIU $version, Podkit needs $oldest"

  root=$prefix/criu-$version
  rm -rf "$root" "$root.new"
  mkdir -p "$root.new" "$prefix/bin" "$prefix/lib"
  unpack "$work/var/cache/apt/archives" "$root.new"
  mv "$root.new" "$root"
  loader=$(find "$root" -name 'ld-linux-*.so.*' -print -quit)
  library=$(dirname "$(find "$root" -name libcriu.so.2 -print -quit)")
  # Only these two are for a JVM: a path with the whole prefix would give it the wrong libc.
  cp --dereference "$library"/{libcriu.so.2,libprotobuf-c.so.1} "$prefix/lib"
  printf '#!/bin/sh\nexec %s --library-path %s %s "$@"\n' "$loader" "$library" "$root/usr/sbin/criu" >"$prefix/bin/criu"
  chmod 755 "$prefix/bin/criu"
  "$here/criu-check.sh" "$prefix/bin/criu" || die "CRIU $version does not work on kernel $(uname -r)"
  record "$prefix/bin/criu" "$prefix"/lib/{libcriu.so.2,libprotobuf-c.so.1}
}

provided && exit
((EUID == 0)) || die "CRIU is not set up for kernel $(uname -r): run 'sudo ./dev setup' once"
if ! from_distribution 2>/dev/null && ! from_prefix 2>/dev/null; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  from_testing "$work"
fi
uname -r >"$prefix/criu.kernel"
