#!/usr/bin/env bash
# daemon.sh up|down DIR: a Docker daemon of the tests' own, with everything it has beneath DIR and in a network namespace
# of its own, so that neither the machine's network nor a Docker that runs on it notices. Its socket is DIR/docker.sock.
# `down` leaves nothing behind, also after a crash.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

die() { echo "daemon: $*" >&2; exit 1; }

# In a mount namespace of its own the daemon's mounts end with it, and what it and its containerd write outside DIR, no
# option tells them otherwise, is not the machine's.
readonly in_private_mounts='
  for place in /run /opt /etc/docker; do mount -t tmpfs tmpfs $place || exit; done
  exec dockerd "$@"'

# - nsenter, not `ip netns exec`, which hides /sys/fs/cgroup.
# - Root may lack the right to lower its oom score.
# - The userland proxy stays on, though nothing needs it: without it Docker lets the segment's ports send a frame back
#   where it came from (hairpin), and the bridge of a host would learn from its pod's own broadcast that the pod is
#   elsewhere.
start() {
  echo '{}' >"$dir/daemon.json" # not the one in /etc
  nsenter --net="$dir/net" setsid unshare --mount sh -c "$in_private_mounts" sh \
    --config-file "$dir/daemon.json" --host "unix://$dir/docker.sock" --data-root "$dir/data" --exec-root "$dir/exec" \
    --pidfile "$dir/pid" --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "/$group" --oom-score-adjust 0 \
    --iptables=false --ip6tables=false --ip-masq=false </dev/null &>"$dir/log" &
}

up() {
  local tries
  [[ ! -e $dir ]] || down
  mkdir -p "$dir"
  touch "$dir/net"
  unshare --net="$dir/net" ip link set lo up
  start
  for tries in {1..300}; do
    ! grep -q 'API listen on' "$dir/log" || { disown; return 0; }
    kill -0 $! 2>/dev/null || break
    sleep 0.1
  done
  tail -5 "$dir/log" >&2
  down
  die 'dockerd does not answer'
}

# The daemon with its containerd and shims, by their network, and the processes of containers, by their cgroup.
members() {
  local process
  find /sys/fs/cgroup -path "*/$group/*" -name cgroup.procs -exec cat {} + 2>/dev/null || true
  for process in /proc/[0-9]*; do
    [[ ! $process/ns/net -ef $dir/net ]] || echo "${process#/proc/}"
  done
}

kill_members() {
  local tries pids
  for tries in {1..100}; do
    mapfile -t pids < <(members | sort -un)
    ((${#pids[@]})) || return 0
    kill -KILL "${pids[@]}" 2>/dev/null || true
    sleep 0.05
  done
  die "these do not die: ${pids[*]}"
}

down() {
  [[ -e $dir ]] || return 0
  [[ -f $dir/net || -z $(ls -A "$dir") ]] || die "$dir is not a daemon's"
  [[ ! /proc/self/ns/net -ef $dir/net ]] || die "this shell is in the daemon's network: leave it first"
  kill_members
  find /sys/fs/cgroup -depth \( -path "*/$group" -o -path "*/$group/*" \) -type d -exec rmdir {} \; 2>/dev/null || true
  awk -v dir="$dir/" 'index($5, dir) == 1 {print $5}' /proc/self/mountinfo | tac | while read -r target; do
    umount -l "$(printf '%b' "$target")" 2>/dev/null || true
  done
  rm -rf --one-file-system "$dir"
}

(($# == 2)) || die 'usage: daemon.sh up|down DIR'
dir=$(readlink -m "$2")
group=${dir##*/}
case $1 in
  up | down) "$1" ;;
  *) die "'$1': up or down" ;;
esac
