#!/bin/bash
# `pod-init run` and pid 1, on the real binary.
. "${0%/*}/lib/pod.bash"
make_tree
make_cgroup || echo '# no v2 cgroups here: joining them is not tested'

# --- endings
run_tool exit 42
like "$created" '^\{"event":"created","pid":[0-9]+,"monitor":[0-9]+\}$' 'created names pid and monitor'
is "$answer" '{"event":"started"}' 'started after go'
is "$status" 0 'the front exits 0'
await_exit; is "$(cat "$exit_file")" '{"code":42}' 'the exit file has the exit code'
await "! running $monitor"; ok $? 'the monitor goes with the pod'

script='cat "$0" >"$1"; exec ls /proc/self/fd >>"$1"' # 3 is the directory being listed
run_with 'on-exit /bin/sh' 'on-exit -c' "on-exit $(encode "$script")" "on-exit $exit_file" "on-exit $work/told" \
  -- tool exit 3
await 'has "$work/told" "^3$"'
is "$(cat "$work/told")" $'{"code":3}\n0\n1\n2\n3' 'on-exit is run with nothing but stdio when the exit file is there'

# --- a process that has promised to see to the end is waited for
attended() { # WORD that it is told when the pod has ended
  rm -f "$work/told"
  mkfifo "$work/words"
  "$POD_TOOLS/podtool" attend "$work/attended" <"$work/words" >"$work/attendant" & local attendant=$!
  exec {words}>"$work/words"
  await 'has "$work/attendant" locked'
  run_with 'on-exit /bin/touch' "on-exit $work/told" -- tool exit 3
  await_exit; sleep 0.1
  running "$monitor" && [[ ! -e $work/told ]]; ok $? "$1: the monitor waits for who attends"
  [[ $1 == dies ]] || echo "$1" >&$words
  exec {words}>&-
  wait $attendant; rm -f "$work/words"
  await '! running $monitor'
}
attended done; [[ ! -e $work/told ]]; ok $? 'on-exit is not run when the end has been seen to'
attended dies; [[ -e $work/told ]]; ok $? 'on-exit is run when who attended has died'
rm "$work/attended"

run_tool kill 9
await_exit; is "$(cat "$exit_file")" '{"code":137}' 'a workload killed by a signal is 128+n'

run_tool wait
await 'has "$root/.pod/stdout" ready'
is "$(cat "/proc/$monitor/comm")" pod-monitor 'the monitor has a name'
await '(($(ls -l "/proc/$monitor/fd" | grep -c -- "->") == 3))'; ok $? 'the monitor holds nothing but its stdio'
is "$(readlink "/proc/$monitor/fd/"* | sort -u)" /dev/null 'which is /dev/null'
[[ -z $cgroup ]] || { grep -qx "$pid" "$cgroup/cgroup.procs"; ok $? 'pid 1 is in the cgroup'; }
kill -KILL "$pid"
await_exit; is "$(cat "$exit_file")" '{"code":137,"signal":9}' 'pid 1 itself killed is told apart'

# --- failures leave nothing
fails() { # STAGE ERRNO DESCRIPTION
  like "$answer" "^\{\"event\":\"failed\",\"stage\":\"$1\",\"errno\":\"$2\",\"message\":\".+\"" "$3"
  [[ $status == 1 && ! -e $exit_file ]] && { [[ -z $pid ]] || ! [[ -e /proc/$pid ]]; }; ok $? "$3: nothing is left"
}
run_with -- nonesuch; fails exec ENOENT 'command not found'
run_with -- /tmp; fails exec EACCES 'command not executable'
run_with "cwd /nowhere" -- tool exit 0
fails cwd ENOENT 'no such working directory'
run_with "mount nonesuch /mnt nonesuch % %" -- tool exit 0
fails mount ENODEV 'unknown file system'
run_with "mount /nowhere /mnt % bind %" -- tool exit 0
fails mount ENOENT 'no source'
run_with "mount x /tmp tmpfs % size=blue" -- tool exit 0
fails mount EINVAL 'bad option'; like "$answer" 'size' "the kernel's own words are passed on"
run_with "frobnicate 1" -- tool exit 0
fails plan EINVAL 'unknown record'
run_pod < <(plan | grep -v '^root'; command_records tool exit 0)
fails plan EINVAL 'missing record'
run_with "cgroup /nowhere" -- tool exit 0
fails cgroup ENOENT 'no such cgroup'
rm -f "$work/told"
run_with 'on-exit /bin/touch' "on-exit $work/told" -- nonesuch
fails exec ENOENT 'command not found'
[[ ! -e $work/told ]]; ok $? 'on-exit is not for pods that never were'
mv "$root/.pod/init" "$work/init"; run_tool exit 0; fails init ENOENT 'no /.pod/init'
like "$answer" '"hint":' 'with a hint'
mv "$work/init" "$root/.pod/init"

answer=$({ plan; command_records tool exit 0; echo end; } | "$POD_INIT" run); status=$?
pid=$(member pid "$answer"); answer=${answer#*$'\n'}; fails go '' 'end of input before go'
before_go='kill -KILL $monitor; await "! running $monitor"' run_tool wait
await "! running $pid"; ok $? 'a monitor killed before go takes the pod along'
before_go='kill -KILL $pid; await "! running $pid"' run_tool wait; fails go '' 'pid 1 killed before go'

# --- born well
run_with "no-new-privs" "uid 33" "gid 44" "group 5" "group 6" -- tool identity; await_exit
like "$(output)" $'^uid 33 gid 44 groups 5 6\nnnp 1 umask 022\n' 'ids, groups, no_new_privs, umask'
like "$(output)" $'CapInh:\t0+\nCapPrm:\t0+\nCapEff:\t0+\nCapBnd:\t0+1ff\nCapAmb:\t0+$' \
  'no capabilities for another uid, a bounding set'
like "$(output)" $'SigBlk:\t0+\nSigIgn:\t0+\n' 'no signal blocked or ignored'
run_tool identity; await_exit
like "$(output)" $'CapInh:\t0+\nCapPrm:\t0+1ff\nCapEff:\t0+1ff\nCapBnd:\t0+1ff\nCapAmb:\t0+$' 'capabilities of uid 0'
run_with "cwd /tmp" "env COLOUR=$(encode 'blue & green')" -- tool env COLOUR; await_exit
is "$(output)" $'env blue & green\nhost inside\ncwd /tmp' 'environment, host name, working directory'
run_with "uid 33" "gid 33" -- tool reopen /dev/stdout; await_exit
is "$(output)" 'reopened as 33' '/dev/stdout can be opened again by another uid'

run_tool wait; await 'has "$root/.pod/stdout" ready'
is "$(leaks $(tasks))" '' 'no descriptor leads out of the pod'
is "$(capabilities "$pid")" '1ff 1ff' 'pid 1 keeps no more than the pod may have'
is "$(ps -o sid= -p "$pid" | tr -d ' ')" "$pid" 'pid 1 leads a session'
is "$(awk '{print $5}' "/proc/$pid/mountinfo" | sort | paste -sd' ')" '/ /dev /dev/pts /proc' \
  'nothing of the host is mounted in the pod'
kill -KILL "$pid"; await_exit

# --- signals and children
run_tool signals; await 'has "$root/.pod/stdout" ready'
for signal in TERM INT HUP USR1 USR2 WINCH QUIT; do
  kill -"$signal" "$pid"; await "has '$root/.pod/stdout' '^signal $(kill -l $signal)\$'"; ok $? "$signal is passed on"
done
await_exit; is "$(cat "$exit_file")" '{"code":7}' 'and the workload decides what comes of it'
run_tool orphans 20; await_exit
is "$(output)" reaped 'pid 1 reaps orphans'

# --- stdin
mkfifo "$root/.pod/stdin"
run_with "stdin fifo" -- tool cat
echo one >"$root/.pod/stdin"
await 'has "$root/.pod/stdout" "got one"'; echo two >"$root/.pod/stdin"
await 'has "$root/.pod/stdout" "got two"'; ok $? 'a writer that goes is not the end of input'
touch "$root/.pod/stdin.eof"; kill -WINCH "$pid"
await_exit; is "$(output | tail -n 1)" eof 'stdin.eof and SIGWINCH are'
run_with "stdin fifo" -- tool cat
await_exit; is "$(output)" eof 'also when it was there before'
rm "$root/.pod/stdin.eof"

# --- terminal
echo '11 22' >"$root/.pod/winsize"
run_with "stdin fifo" "tty 40 100" "uid 33" -- tool tty
await 'has "$root/.pod/stdout" "window 11 22"'; ok $? 'a terminal, with the size of the winsize file'
has "$root/.pod/stdout" '^tty 1 1 1, controlling 1'; ok $? 'at 0, 1 and 2, and controlling'
echo hello >"$root/.pod/stdin"
await 'has "$root/.pod/stdout" "got hello"'; ok $? 'what is typed arrives'
echo '24 80' >"$root/.pod/winsize"; kill -WINCH "$pid"
await 'has "$root/.pod/stdout" "window 24 80"'; ok $? 'SIGWINCH applies the new size'
is "$(leaks $(tasks))" '' 'no descriptor leads out of the pod'
ticks() { awk '{print $14 + $15}' "/proc/$pid/stat"; }
before=$(ticks); sleep 0.5; after=$(ticks)
((after - before < 10)); ok $? 'pid 1 does not spin while nobody types'
{ head -c 20000 /dev/zero | tr '\0' x; echo; } >"$root/.pod/stdin" & writer=$!
sleep 0.2; printf '\003' >"$root/.pod/stdin" & writers="$writer $!"
await_exit; like "$(cat "$exit_file")" '^\{"code":130\}' '^C interrupts'
kill $writers 2>/dev/null; wait $writers 2>/dev/null
rm "$root/.pod/winsize" "$root/.pod/stdin"
run_with "tty 40 100" -- tool env HOME; await_exit
like "$(output)" $'^env \(none\)\r\nhost inside\r\ncwd /' 'output is all there when the workload has ended at once'

# --- mounts
mkdir -p "$work/out" "$root$work/out"; ln -s "$work/out" "$root/link"; ln -s ../../../../../.. "$root/up"
run_with "mount $work/out /up$work/x % bind %" "mount $work/out /link/y % bind %" -- tool exit 0
await_exit; is "$(ls -A "$work/out")" '' 'links in the tree lead nowhere outside'
[[ -d $root$work/x && -d $root$work/out/y ]]; ok $? 'but to the place of that name within'
ln -s /nowhere/else "$root/dangling"
run_with "mount $work/out /dangling/x % bind %" -- tool exit 0
fails mount ENOENT 'a target behind a dangling link'
run_with "mount $work/out /mnt/a % bind,ro %" -- tool touch /mnt/a/f; await_exit
is "$(output)" 'touch Read-only file system' 'a read-only bind is read-only'
: >"$work/file"
run_with "mount $work/file /etc/made % bind %" "mount $dev/null /proc/nonesuch % bind,optional %" \
  -- tool touch /etc/made
await_exit; is "$(output)" 'touch done' 'a file is bound on a file made for it; optional targets may be missing'
run_with "mount $root/proc/sys /proc/sys % bind,ro,nosuid,nodev,noexec %" -- tool touch /proc/sys/kernel/domainname
await_exit; is "$(output)" 'touch Read-only file system' 'a mount of the pod can be its own source'
is "$(grep -c "$root" /proc/self/mounts)" 0 'nothing is mounted outside'

mount -t tmpfs -o nosuid,nodev,noexec,noatime tmpfs "$work/out"
run_with "mount $work/out /mnt/a % bind,ro %" -- tool wait
like "$(awk '$5 == "/mnt/a" {print $6}' "/proc/$pid/mountinfo")" '^ro,nosuid,nodev,noexec,noatime$' \
  'a bind keeps the flags it has'
kill -KILL "$pid"; await_exit; umount "$work/out"

# --- the host's user namespace
userns=no
run_with "uid 33" -- tool identity; await_exit
like "$(output)" $'^uid 33 gid 0.*CapBnd:\t0+1ff' 'works without a user namespace of its own'
run_tool wait; is "$(readlink "/proc/$pid/ns/user")" "$(readlink /proc/self/ns/user)" 'in that of the host'
kill -KILL "$pid"; await_exit

is "$(cat "$work/stderr")" '' 'nothing on stderr'
done_testing
