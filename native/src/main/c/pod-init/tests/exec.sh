#!/bin/bash
# `pod-init exec` and supervisors, on the real binary.
. "${0%/*}/lib/pod.bash"
make_tree
make_cgroup || echo '# no v2 cgroups here: joining them is not tested'
session() { echo "$root/.pod/exec/$1/$2"; } # ID FILE

for userns in yes no; do
  run_tool wait
  exec_in "a-$userns" 'arg tool' 'arg wait'
  like "$answer" '^\{"event":"started","pid":[0-9]+\}$' "started names the supervisor (own user namespace: $userns)"
  is "$status" 0 'and the helper ends'
  await 'has "$(session a-$userns stdout)" ready'
  is "$(awk '/^PPid/ {print $2}' "/proc/$supervisor/status")" "$pid" 'pid 1 has adopted the supervisor'
  for ns in pid mnt net uts ipc user time; do readlink "/proc/$supervisor/ns/$ns"; done >"$work/theirs"
  for ns in pid mnt net uts ipc user time; do readlink "/proc/$pid/ns/$ns"; done >"$work/ours"
  cmp -s "$work/theirs" "$work/ours"; ok $? 'which is in all of its namespaces'
  command=$(pgrep -P "$supervisor")
  [[ -z $cgroup ]] ||
    is "$(grep -cxE "$supervisor|$command" "$cgroup/cgroup.procs")" 2 'and with its command in the cgroup'
  is "$(ps -o sid= -p "$supervisor" | tr -d ' ')" "$supervisor" 'and leads a session'
  is "$(readlink "/proc/$supervisor/exe")" /.pod/init "and runs the pod's own binary"
  is "$(leaks "$supervisor" "$command")" '' 'no descriptor leads out of the pod'
  is "$(capabilities "$supervisor")" '1ff 1ff' 'and it keeps no more than the pod may have'
  kill -KILL "$command"
  await '[[ -e $(session a-$userns status) ]]'
  is "$(cat "$(session "a-$userns" status)")" '{"code":137,"signal":9}' 'the status tells a signal'
  await "! [[ -e /proc/$supervisor ]]"; ok $? 'and pid 1 has reaped the supervisor'
  kill -KILL "$pid"; await_exit
done

userns=yes
run_tool wait
exec_in code 'arg tool' 'arg exit' 'arg 5'; await '[[ -e $(session code status) ]]'
is "$(cat "$(session code status)")" '{"code":5}' 'the status tells an exit code'
exec_in who 'arg tool' 'arg identity' 'uid 33' 'gid 44' 'group 7' 'no-new-privs'; await '[[ -e $(session who status) ]]'
like "$(cat "$(session who stdout)")" $'^uid 33 gid 44 groups 7\nnnp 1 umask 022\n.*CapEff:\t0+\nCapBnd:\t0+1ff' \
  'ids and capabilities are those of the plan'
exec_in eof 'arg tool' 'arg cat' 'stdin fifo'
echo one >"$(session eof stdin)"; await 'has "$(session eof stdout)" "got one"'
touch "$(session eof stdin.eof)"; kill -WINCH "$supervisor"; await '[[ -e $(session eof status) ]]'
is "$(cat "$(session eof stdout)")" $'got one\neof' 'stdin, and its end'
exec_in tty 'arg tool' 'arg tty' 'stdin fifo' 'tty 30 90'
await 'has "$(session tty stdout)" "window 30 90"'; echo hello >"$(session tty stdin)"
await 'has "$(session tty stdout)" "got hello"'; ok $? 'a terminal of the pod'
printf '\004' >"$(session tty stdin)"; await '[[ -e $(session tty status) ]]'
like "$(cat "$(session tty stdout)")" eof '^D ends its input'
exec_in stop 'arg tool' 'arg wait'; await 'has "$(session stop stdout)" ready'
kill -TERM "$supervisor"; await '[[ -e $(session stop status) ]]'
is "$(cat "$(session stop status)")" '{"code":143,"signal":15}' 'a signal to the supervisor is passed on'

fails() { # STAGE ERRNO DESCRIPTION
  like "$answer" "^\{\"event\":\"failed\",\"stage\":\"$1\",\"errno\":\"$2\"" "$3"
  # The kernel closes what a process has open a moment before its parent can reap it.
  await '[[ $(pgrep --ns "$pid" --nslist pid -c .) == 2 ]]'
  is "$status $(pgrep --ns "$pid" --nslist pid -c .)" '1 2' "$3: nothing is left"
}
exec_in bad 'arg nonesuch'; fails exec ENOENT 'command not found'
exec_in bad 'arg tool' 'arg wait' 'cgroup /nowhere'; fails cgroup ENOENT 'no such cgroup'
rmdir "$root/.pod/exec/bad" 2>/dev/null; rm -rf "$root/.pod/exec/bad"
answer=$(printf '%s\n' "pid $pid" 'userns yes' 'id bad' 'caps 1ff' 'arg tool' end | "$POD_INIT" exec); status=$?
fails stdio ENOENT 'no session directory'
answer=$(printf '%s\n' "pid $$" 'userns no' 'id bad' 'caps 1ff' 'arg tool' end | "$POD_INIT" exec); status=$?
fails namespaces ESRCH "a pid that is no pod's"
answer=$(printf '%s\n' "pid $pid" 'userns yes' 'id ../x' 'caps 1ff' 'arg tool' end | "$POD_INIT" exec); status=$?
fails plan EINVAL 'an id that would be a path'
kill -KILL "$pid"; await_exit
is "$(cat "$work/stderr")" '' 'nothing on stderr'
done_testing
