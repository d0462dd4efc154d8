#!/usr/bin/env bash
# host.sh ADDRESS: makes a container a podkit host and becomes its agent. ADDRESS is the container's own; pods get
# addresses of the same segment: eth0 becomes a port of the pods' bridge.
set -euo pipefail

# Pods need a cgroup hierarchy they can write to. The container's processes move out of the way: controllers can only
# be handed on by a group without any.
umount -l /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir -p /sys/fs/cgroup/host
echo $$ >/sys/fs/cgroup/host/cgroup.procs

# /proc as Docker makes it is partly masked and read-only; a pod in its own user namespace may then not mount its own
mount -t proc proc /proc
echo 0 >/proc/sys/net/ipv6/conf/all/disable_ipv6

for n in {0..127}; do # Docker's /dev does not grow when a loop device is made
  [[ -e /dev/loop$n ]] || mknod /dev/loop$n b 7 $n
done
mkdir -p /dev/net
[[ -e /dev/net/tun ]] || mknod /dev/net/tun c 10 200 # CRIU looks for it

ip link set lo up
ip link add pod0 type bridge
ip link set pod0 address "$(cat /sys/class/net/eth0/address)" up # fixed: pods as ports would change it
ip address flush dev eth0
ip link set eth0 master pod0
ip address add "$1/16" dev pod0
ip address add "fd78::${1##*.}/64" dev pod0 nodad

mkdir -p "$PODKIT_RUN"
cat >"$PODKIT_ROOT/network.json" <<JSON
{"bridge": "pod0", "manage": false,
 "ipv4": "10.78.0.0/16", "gateway4": "$1", "pool4": "10.78.${1##*.}.0/24",
 "ipv6": "fd78::/64", "gateway6": "fd78::${1##*.}"}
JSON
exec pod agent --listen "$1:7617"
