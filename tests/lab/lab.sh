#!/usr/bin/env bash
# Two hosts and a client on one machine, as network namespaces on one bridge; each host has its own root, run directory,
# certificate and agent. Pods lie on the same network segment as the hosts, so they keep their address when they move.
#
# PODKIT_LAB_DIR is where it lives: two labs with different directories do not meet. HOSTS="hostA hostB hostC" makes more
# hosts. PODKIT_LAB_OWN=yes gives each host mounts of its own, and in them LAB/own, which is another directory on each: like
# two machines' disks under one name. Namespaces are files beneath the directory, not names in /run/netns: nothing outside it is touched.
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
bin=$(readlink -f "$here/../../bin")
lab=$(readlink -m "${PODKIT_LAB_DIR:-/var/lib/podkit-lab}")
hosts=${HOSTS:-hostA hostB}
[[ -f $lab/hosts ]] && hosts=$(<"$lab/hosts")
readonly here bin lab hosts port=7617
source "$here/network.sh"
source "$here/teardown.sh"

usage() {
  cat <<'TEXT'
usage: ./dev lab VERB
  up                          build it and start the agents
  down                        stop the pods and agents, leave nothing behind; also after a crash
  status                      who is there; exit status 0 only when every agent answers
  exec HOST|client -- CMD...  run CMD on a host, with `pod` on PATH and pointing at that host
  agent HOST start|kill       start its agent, in this environment, and wait until it answers; or kill -9 it
  link HOST up|down           its cable to the switch
TEXT
}

die() { echo "lab: $1" >&2; [[ -z ${2-} ]] || echo "hint: $2" >&2; exit 1; }

number_of() { # HOST: 1, 2, ... in the order of the list
  local n=0 host
  for host in $hosts; do
    n=$((n + 1))
    [[ $host != "$1" ]] || { echo $n; return; }
  done
  die "no host '$1'" "this lab has: $hosts"
}

address_of() { echo "10.77.0.$((10 + $(number_of "$1")))"; }

entry() { # HOST: how to get into it, one word a line
  echo "--net=$lab/net/$1"
  [[ ! -e $lab/mounts/$1 ]] || printf '%s\n' "--mount=$lab/mounts/$1" "--wd=$PWD"
}

on() { # HOST CMD...: in its network, with its pod
  local host=$1 entry
  shift
  mapfile -t entry < <(entry "$host")
  nsenter "${entry[@]}" env PATH="$bin:$PATH" PODKIT_ROOT="$lab/$host/root" PODKIT_RUN="$lab/$host/run" "$@"
}

describe_network() { # HOST: podkit finds the bridge ready and leaves it alone
  local n
  n=$(number_of "$1")
  cat >"$lab/$1/root/network.json" <<JSON
{"bridge": "pod0", "manage": false,
 "ipv4": "10.77.0.0/16", "gateway4": "$(address_of "$1")", "pool4": "10.77.$n.0/24",
 "ipv6": "fd77::/64", "gateway6": "fd77::$((10 + n))"}
JSON
}

separate() { # HOST: a mount namespace, in which LAB/own is its own
  mkdir -p "$lab/$1/own" "$lab/own"
  if [[ ! -d $lab/mounts ]]; then
    mkdir "$lab/mounts"
    mount --bind "$lab/mounts" "$lab/mounts"
    mount --make-private "$lab/mounts" # the kernel keeps a mount namespace on no other
  fi
  touch "$lab/mounts/$1"
  unshare --mount="$lab/mounts/$1" --propagation private mount --bind "$lab/$1/own" "$lab/own"
}

certify() { # HOST
  PODKIT_ROOT=$lab/ca "$bin/pod" pki issue "$1" --address "$(address_of "$1")" -o "$lab/ca/$1" >/dev/null
  PODKIT_ROOT=$lab/$1/root "$bin/pod" pki install "$lab/ca/$1" >/dev/null
}

start_time() { # PID: with it a pid file cannot mean another process
  local stat
  stat=$(<"/proc/$1/stat") && set -- ${stat##*) } && echo "${20}"
} 2>/dev/null

agent_pid() { # HOST
  local pid started
  read -r pid started <"$lab/$1/agent.pid" && [[ $(start_time "$pid") == "$started" ]] && echo "$pid"
} 2>/dev/null

start_agent() { # HOST
  local pid
  run "$1" setsid pod agent --listen "$(address_of "$1"):$port" </dev/null >>"$lab/$1/agent.log" 2>&1 &
  pid=$!
  echo "$pid $(start_time $pid)" >"$lab/$1/agent.pid"
  disown
}

answers() { on "$1" timeout 1 bash -c "exec 3<>/dev/tcp/$(address_of "$1")/$port" 2>/dev/null; }

await_agent() { # HOST
  local tries
  for tries in {1..300}; do
    agent_pid "$1" >/dev/null || break
    ! answers "$1" || return 0
    sleep 0.1
  done
  tail -5 "$lab/$1/agent.log" >&2
  die "the agent of $1 does not answer"
}

agent() { # HOST start|kill
  local pid
  number_of "${1-}" >/dev/null
  case ${2-} in
    start)
      ! agent_pid "$1" >/dev/null || die "the agent of $1 is running"
      start_agent "$1"
      await_agent "$1"
      ;;
    kill)
      pid=$(agent_pid "$1") || return 0
      kill -KILL "$pid"
      while agent_pid "$1" >/dev/null; do sleep 0.02; done
      ;;
    *) usage >&2; exit 2 ;;
  esac
}

link() { # HOST up|down
  number_of "${1-}" >/dev/null
  in_net switch ip link set dev "$1" "${2-}"
}

up() {
  ! status >/dev/null 2>&1 || { echo "lab: is up" >&2; return; }
  [[ -x $bin/pod ]] || die "no $bin/pod" "./dev build"
  down
  trap 'down' EXIT
  mkdir -p "$lab"
  echo "$hosts" >"$lab/hosts" # first: it tells down that this directory is a lab
  mkdir "$lab/net"
  make_switch
  attach_client
  PODKIT_ROOT=$lab/ca "$bin/pod" pki init >/dev/null
  local host
  for host in $hosts; do
    mkdir -p "$lab/$host/root" "$lab/$host/run"
    attach_host "$host" "$(number_of "$host")"
    [[ -z ${PODKIT_LAB_OWN-} ]] || separate "$host"
    describe_network "$host"
    certify "$host"
    start_agent "$host"
  done
  for host in $hosts; do await_agent "$host"; done
  trap - EXIT
}

status() {
  [[ -f $lab/hosts ]] || { echo "lab: is down" >&2; return 3; }
  local host pid answer result=0
  printf '%-8s %-12s %-8s %-8s %s\n' HOST ADDRESS AGENT ANSWERS PODS
  for host in $hosts; do
    pid=$(agent_pid "$host") || pid=-
    answers "$host" && answer=yes || { answer=no result=1; }
    printf '%-8s %-12s %-8s %-8s %s\n' "$host" "$(address_of "$host")" "$pid" "$answer" \
      "$(find "$lab/$host/root/pods" -mindepth 1 -maxdepth 1 -printf '%f ' 2>/dev/null)"
  done
  printf '%-8s %-12s\n' client 10.77.0.100
  return $result
}

run() {
  local host=${1-}
  [[ -n $host ]] || { usage >&2; exit 2; }
  shift
  [[ ${1-} != -- ]] || shift
  (($#)) || { usage >&2; exit 2; }
  [[ -e $lab/net/$host ]] || die "no host '$host'" "./dev lab status; ./dev lab up"
  mapfile -t entry < <(entry "$host")
  exec nsenter "${entry[@]}" env PATH="$bin:$PATH" PODKIT_ROOT="$lab/$host/root" PODKIT_RUN="$lab/$host/run" "$@"
}

((EUID == 0)) || die 'makes namespaces and mounts: run it as root' "sudo $0 $*"
verb=${1-}
shift || true
case $verb in
  up | down | status) "$verb" ;;
  agent | link) "$verb" "$@" ;;
  exec) run "$@" ;;
  *) usage; [[ $verb == help || $verb == --help ]] || exit 2 ;;
esac
