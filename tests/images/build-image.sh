#!/usr/bin/env bash
# Builds a root filesystem directory out of Debian packages that are installed on this machine: no network, no registry.
#
#   build-image.sh NAME OUTDIR [PKG...]
#
# makes OUTDIR/NAME and prints its path. NAME `base` is the lower layer of all others: they hold only files that the
# base lacks. redis, postgres, nginx, python and java know their packages. A second call with the same package
# versions does nothing.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# never copied: what only maintainer scripts use, the compiler behind PostgreSQL's JIT, and what only people read
without='^(debconf.*|cdebconf|perl.*|libperl.*|adduser|ucf|sensible-utils|dpkg|apt|init-system-helpers|lsb-base|sysvinit-utils|systemd.*|locales.*|ca-certificates.*|postgresql-common|postgresql-client-common|openssl|ssl-cert|python3-.*cryptography|gcc-.*-base|libllvm.*|libz3-.*)$'
unread='^/(proc|sys|dev|run)(/|$)|^/usr/share/(doc|man|info|locale|lintian|bug|bash-completion|zsh|postgresql/[0-9]*/man)(/|$)|/bitcode(/|$)|/classes_nocoops.jsa$'

die() { echo "build-image: $1" >&2; [ -z "${2:-}" ] || echo "hint: $2" >&2; exit 1; }

packages_of() {
  case $1 in
    base) echo bash dash coreutils procps iproute2 util-linux mount grep sed mawk findutils hostname libc-bin ncurses-base base-files ;;
    redis) echo redis-server redis-tools ;;
    postgres) echo postgresql-15 postgresql-client-15 ;;
    nginx) echo nginx ;;
    python) echo python3 ;;
    java) echo openjdk-17-jre-headless ;;
    *) die "no packages given for image $1" "build-image.sh $1 OUTDIR PKG..." ;;
  esac
}

# The installed packages that PKG... need, one a line, themselves included. Of alternatives (a | b) and of virtual
# packages every installed one is taken.
closure() {
  dpkg-query -W -f '${db:Status-Status}\t${Package}\t${Pre-Depends}, ${Depends}\t${Provides}\n' |
    awk -F'\t' -v wanted="$*" -v without="$without" '
      $1 == "installed" { needs[$2] = $3; offer($2, $2); n = split($4, p, /, */); for (i = 1; i <= n; i++) offer(p[i], $2) }
      function bare(s) { sub(/[ (:].*/, "", s); return s }
      function offer(name, by) { name = bare(name); if (name != "") offers[name] = offers[name] " " by }
      function take(name,    i, n, by) { n = split(offers[name], by, " "); for (i = 1; i <= n; i++) visit(by[i]); return n }
      function visit(pkg,    i, n, d) {
        if (pkg in seen || pkg ~ without) return
        seen[pkg]; print pkg
        n = split(needs[pkg], d, / *[,|] */); for (i = 1; i <= n; i++) if (d[i] != "") take(bare(d[i]))
      }
      END { n = split(wanted, w, " "); for (i = 1; i <= n; i++) if (!take(w[i])) { print w[i] > "/dev/stderr"; bad = 1 } exit bad }'
}

# The files of PKG... as paths relative to /, in the merged-usr layout that every Debian since 12 has.
files_of() {
  dpkg -L "$@" | grep '^/' | sed -E 's,^/(bin|sbin|lib|lib32|lib64)(/|$),/usr/\1\2,' | grep -Ev "$unread" | sort -u |
    while IFS= read -r path; do [ ! -e "$path" ] && [ ! -L "$path" ] || printf '%s\n' ".$path"; done
}

copy() { # DIR < paths
  tar -C / -cf - --no-recursion --numeric-owner --xattrs -T - | tar -C "$1" -xpf - --numeric-owner --xattrs
}

# Links made by update-alternatives belong to no package: copies those that lead to something in the image.
alternatives() { # DIR
  find /usr/bin /usr/sbin /usr/lib/jvm -lname '/etc/alternatives/*' 2>/dev/null | while IFS= read -r link; do
    target=$(readlink -f "$link") && [ -e "$1$target" ] || continue
    printf '%s\n' ".$link" ".$(readlink "$link")"
  done | copy "$1"
}

base_files() { # DIR: what the installer writes on a real machine
  local d=$1 l
  for l in bin sbin lib lib64; do mkdir -p "$d/usr/$l"; ln -sfn "usr/$l" "$d/$l"; done
  mkdir -p "$d"/{proc,sys,dev,run,root,home/user,mnt,srv,etc,var/tmp,tmp,var/lib,var/log}
  chmod 1777 "$d/tmp" "$d/var/tmp"; chown 1000:1000 "$d/home/user"
  cp -a "$here/etc/." "$d/etc/"; chown -R 0:0 "$d/etc"
  ln -sfn ../usr/bin/mawk "$d/etc/alternatives/awk" 2>/dev/null || true
}

app_files() { # NAME DIR: directories that the package's own scripts would have made
  case $1 in
    redis) install -d -m 0750 -o 101 -g 101 "$2/var/lib/redis" "$2/var/log/redis" ;;
    postgres) install -d -m 0750 -o 102 -g 102 "$2/var/lib/postgresql" "$2/run/postgresql" ;;
    nginx) install -d -m 0755 "$2/var/log/nginx" "$2/var/lib/nginx" "$2/run" ;;
  esac
}

build() { # NAME DIR PKG...
  local name=$1 dir=$2 base=${2%/*}/base list; shift 2
  rm -rf "$dir"; mkdir -p "$dir"
  list=$(mktemp); files_of "$@" > "$list"
  if [ "$name" = base ]; then
    base_files "$dir"
  else
    while IFS= read -r f; do # a directory travels with the files beneath it, so that its mode is kept
      { [ -e "$base/$f" ] || [ -L "$base/$f" ]; } && [ ! -d "$base/$f" ] || printf '%s\n' "$f"
    done < "$list" > "$list.new"; mv "$list.new" "$list"
  fi
  copy "$dir" < "$list"; rm -f "$list"
  alternatives "$dir"
  app_files "$name" "$dir"
  if [ "$name" = base ]; then ldconfig -r "$dir"; else cache_for "$base" "$dir"; fi
}

# An application's libraries must be found without LD_LIBRARY_PATH: its layer gets the cache of base and layer together.
cache_for() { # BASE DIR
  local both; both=$(mktemp -d)
  cp -a --reflink=auto "$1/usr" "$1/etc" "$both/"; cp -a --remove-destination "$2/." "$both/"
  for l in bin sbin lib lib64; do ln -sfn "usr/$l" "$both/$l"; done
  ldconfig -r "$both"; mkdir -p "$2/etc"; cp -p "$both/etc/ld.so.cache" "$2/etc/"; rm -rf "$both"
}

[ $# -ge 2 ] || die "usage: build-image.sh NAME OUTDIR [PKG...]"
[ "$(id -u)" = 0 ] || die "must run as root: files keep their owners" "sudo $0 $*"
name=$1; mkdir -p "$2"; out=$(cd "$2" && pwd); shift 2
[ "$name" = base ] || "${BASH_SOURCE[0]}" base "$out" > /dev/null
[ $# -gt 0 ] || read -ra pkgs <<< "$(packages_of "$name")"
[ $# -eq 0 ] || pkgs=("$@")

exec 9> "$out/.lock"; flock 9
mapfile -t all < <(closure "${pkgs[@]}" 2> "$out/.missing" | sort)
[ ! -s "$out/.missing" ] || die "not installed: $(xargs < "$out/.missing")" "apt-get install $(xargs < "$out/.missing")"
stamp=$(dpkg-query -W -f '${Package} ${Version}\n' "${all[@]}" | cat - "${BASH_SOURCE[0]}" "$here"/etc/* 2>/dev/null | sha256sum)
if [ "$(cat "$out/$name.stamp" 2>/dev/null)" != "$stamp" ]; then
  build "$name" "$out/$name" "${all[@]}"
  echo "$stamp" > "$out/$name.stamp"
fi
echo "$out/$name"
