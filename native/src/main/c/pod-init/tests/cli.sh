#!/bin/sh
# What the command line says, without root.
count=0 failed=0
ok() {
  count=$((count + 1))
  if "$@" >/dev/null 2>&1; then echo "ok $count - $*"; else echo "not ok $count - $*"; failed=1; fi
}
version() { "$POD_INIT" --version | grep -q '^pod-init [0-9]'; }
usage() { # ARG...: exit status 2, and the usage on stderr
  out=$("$POD_INIT" "$@" 2>&1 >/dev/null)
  [ $? = 2 ] && echo "$out" | grep -q '^usage: pod-init run'
}
refuses() { # ARG...: exit status 1, and a reason
  out=$("$POD_INIT" "$@" 2>&1 >/dev/null </dev/null)
  [ $? = 1 ] && echo "$out" | grep -q '^pod-init: '
}
probe() {
  "$POD_INIT" probe | sed 's/true/T/g; s/false/T/g' | grep -qxF '{"uffdWpAsync":T,"pagemapScan":T,"softDirty":T}'
}
ok version
ok usage
ok usage frobnicate
ok usage --help
ok refuses run plan
ok refuses exec plan
ok refuses deadman --ready
ok refuses criu --fd 0 --criu /bin/true --log /dev/null
ok refuses criu --fd 99 --criu /bin/true --log /dev/null
ok refuses criu --criu /bin/true
ok refuses fill
ok refuses fill --dir relative --socket-dir /tmp
ok refuses fill --dir /nonesuch/pod --socket-dir /tmp
ok refuses init
ok refuses init --status-fd 3
ok refuses supervise --status-fd x -- true
ok probe
echo "1..$count"
exit $failed
