# shellcheck shell=bash
# Taking a lab away, in whatever state it is. Nothing here trusts podkit: the kernel is asked what is left.

# Where podkit keeps the cgroups of a host, in every hierarchy that is mounted.
cgroups_of() { # HOST
  local mark
  mark=$(printf '%s' "$lab/$1/run" | sha256sum | cut -c1-8)
  awk '$3 ~ /^cgroup2?$/ {print $2}' /proc/mounts | while read -r top; do
    [[ ! -d $top/podkit/$mark ]] || echo "$top/podkit/$mark"
  done
}

# Everyone in a pod of the lab, or in one of its networks: agents, monitors, commands.
members() {
  local net process host
  for host in $hosts; do
    cgroups_of "$host" | while read -r group; do find "$group" -name cgroup.procs -exec cat {} + 2>/dev/null || true; done
  done
  for net in "$lab"/net/*; do
    [[ -e $net ]] || continue
    for process in /proc/[0-9]*; do
      [[ ! $process/ns/net -ef $net ]] || echo "${process#/proc/}"
    done
  done
}

thaw() { # a v1 freezer holds even SIGKILL back; v2 does not
  local host group
  for host in $hosts; do
    for group in $(cgroups_of "$host"); do
      find "$group" -name freezer.state -exec sh -c 'echo THAWED >"$1"' _ {} \; 2>/dev/null || true
    done
  done
}

kill_members() {
  local pids tries
  for tries in {1..100}; do
    mapfile -t pids < <(members | sort -un)
    ((${#pids[@]})) || return 0
    thaw
    kill -KILL "${pids[@]}" 2>/dev/null || true
    sleep 0.05
  done
  echo "lab: these do not die: ${pids[*]}" >&2
}

remove_cgroups() {
  local host group
  for host in $hosts; do
    for group in $(cgroups_of "$host"); do
      find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null || true
      rmdir "${group%/*}" 2>/dev/null || true # the last one takes `podkit` along
    done
  done
}

unmount_all() {
  local target
  awk -v lab="$lab/" 'index($5, lab) == 1 {print $5}' /proc/self/mountinfo | tac | while read -r target; do
    umount -l "$(printf '%b' "$target")" 2>/dev/null || true
  done
}

detach_loops() {
  losetup --list --noheadings --raw --output NAME,BACK-FILE | while read -r device file; do
    [[ $file != "$lab"/* ]] || losetup --detach "$device"
  done
}

down() {
  local net
  [[ -e $lab ]] || return 0
  for net in "$lab"/net/*; do [[ ! /proc/self/ns/net -ef $net ]] || die 'this shell is inside the lab' 'leave it first'; done
  [[ -f $lab/hosts || -z $(ls -A "$lab") ]] || die "$lab is not a lab" "set PODKIT_LAB_DIR to another directory"
  kill_members
  remove_cgroups
  unmount_all
  detach_loops
  rm -rf --one-file-system "$lab"
}
