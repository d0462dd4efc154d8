#!/bin/bash
# A pod with an exec session and a terminal goes through CRIU and back, its worker and monitor started by the helper.
. "${0%/*}/lib/pod.bash"
CRIU=${CRIU:-$(sed -n 's/^CRIU=//p' /opt/podkit/criu.env 2>/dev/null)}
[[ -n $CRIU ]] || skip_all 'needs CRIU: set $CRIU, or run ./dev setup'
make_tree
make_cgroup || skip_all 'needs a v2 cgroup hierarchy, whose freezer CRIU is told to use'
images=$work/images

# The fields of criu_opts by number; those of both requests first.
options=(1=-1 "68:$images" 5=1 8=1 9=4 18=1 28=1 34=0 35=1000000000 38=1073741824 64=3)
dump() { # ARG... for the worker
  rm -rf "$images"; mkdir "$images"
  answer=$("$POD_TOOLS/criurpc" 1 "${options[@]}" 10:dump.log "2=$pid" "44:$cgroup" '37:mnt[/dev]:dev' -- \
    "$POD_INIT" criu --fd @FD@ --criu "$CRIU" --log "$work/criu.log" "$@" 2>>"$work/stderr")
  like "$answer" 'field 2 = 1' 'dumped' || grep Error "$images/dump.log" | sed 's/^/# /'
}
restore() { # ARG... for the helper
  rm -f "$exit_file"
  answer=$("$POD_TOOLS/criurpc" 2 "${options[@]}" 10:restore.log "13:$root" "37:mnt[dev]:$dev" -- \
    "$POD_INIT" restore --fd @FD@ --criu "$CRIU" --log "$work/criu.log" --exit-file "$exit_file" --cgroup "$cgroup" \
    "$@" 2>>"$work/stderr")
  like "$answer" 'field 2 = 1' 'restored' || grep Error "$images/restore.log" | sed 's/^/# /'
  like "$answer" '^\{"event":"criu","pid":[0-9]+,"monitor":[0-9]+\}' 'the worker and the monitor are named'
  monitor=$(member monitor "$answer")
  pid=$(sed -n 's/^pid //p' <<<"$answer")
  started+=("$pid" "$monitor")
}
count() { tail -n 1 "$root/.pod/stdout" | sed 's/count //'; }
gapless() { awk '$2 != NR {exit 1}' "$root/.pod/stdout"; }

run_tool count
exec_in one 'arg tool' 'arg signals'
exec_in two 'arg tool' 'arg tty' 'tty 24 80' 'stdin fifo'
exec_in three 'arg tool' 'arg cat' 'stdin fifo'
await '(($(count) > 3)) && has "$root/.pod/exec/two/stdout" window && has "$root/.pod/exec/one/stdout" ready'
session() { echo "$root/.pod/exec/$1/$2"; }

dump
await '! running $monitor'; before=$(count)
restore
await '! running $(member pid "$answer")'; ok $? 'the worker has ended'
is "$(awk '/^PPid/ {print $2}' "/proc/$pid/status")" "$monitor" 'pid 1 is the child of the monitor'
await '(($(ls -l "/proc/$monitor/fd" | grep -c -- "->") == 3))'; ok $? 'the monitor holds nothing but its stdio'
await '(($(count) > before + 3))'; ok $? 'the workload goes on'
gapless; ok $? 'where it was'
is "$(wc -l <"$cgroup/cgroup.procs")" 8 'in the cgroup'
echo hello >"$(session two stdin)"; await 'has "$(session two stdout)" "got hello"'; ok $? 'the terminal works'
echo one >"$(session three stdin)"; await 'has "$(session three stdout)" "got one"'; ok $? 'and a session fed by a FIFO'
touch "$(session three stdin.eof)"; kill -WINCH $(pgrep -f -P "$pid" /.pod/exec/three)
await '[[ -e $(session three status) ]]'; is "$(cat "$(session three status)")" '{"code":0}' 'and its end of input'
kill -QUIT $(pgrep -f -P "$pid" /.pod/exec/one); await '[[ -e $(session one status) ]]'
is "$(cat "$(session one status)")" '{"code":7}' 'and signals to a supervisor'
exec_in four 'arg tool' 'arg wait'; like "$answer" started 'a session can be started in a restored pod'
await 'has "$(session four stdout)" ready'

# --- with the cache of what the kernel can do on a tmpfs
kdat=$work/kdat; mkdir "$kdat"; mount -t tmpfs tmpfs "$kdat"
hidden=/run/pod-init-test.$$; mkdir "$hidden"; mount --rbind "$work" "$hidden"; work_before=$root; root=$hidden/root
dump --kdat "$kdat"
[[ -s $kdat/criu.kdat ]]; ok $? 'the cache is kept'
restore --kdat "$kdat" -- /bin/touch "$work/told"
grep -q 'Loaded kdat cache' "$images/restore.log"; ok $? 'and used, with a root below /run'
umount -R "$hidden"; rmdir "$hidden"; root=$work_before
ls "$kdat" | grep -qx "${hidden##*/}"; ok $? 'everything below /run was to be seen'
umount "$kdat"
before=$(count); await '(($(count) > before + 3))'; gapless; ok $? 'the workload goes on'

# --- endings
kill -KILL "$pid"; await_exit
is "$(cat "$exit_file")" '{"code":137,"signal":9}' 'the exit file of a restored pod'
await '! running $monitor'; ok $? 'the monitor goes with it'
[[ -e $work/told ]]; ok $? 'having run the command for that'

rm "$images/core-1.img"
rm -f "$exit_file"
answer=$("$POD_TOOLS/criurpc" 2 "${options[@]}" 10:restore.log "13:$root" "37:mnt[dev]:$dev" -- \
  "$POD_INIT" restore --fd @FD@ --criu "$CRIU" --log "$work/criu.log" --exit-file "$exit_file" --cgroup "$cgroup")
like "$answer" 'field 2 = 0' 'a restore that fails'
monitor=$(member monitor "$answer"); await '! running $monitor'; ok $? 'leaves no monitor'
[[ ! -e $exit_file ]]; ok $? 'and no exit file'
for verb in restore criu; do
  answer=$("$POD_INIT" $verb --fd 9 --criu /nowhere/criu --log "$work/criu.log" --exit-file "$exit_file" 9</dev/null)
  status=$?
  like "$status $answer" '^1 \{"event":"failed","stage":"criu","errno":"ENOENT"' "$verb: no such CRIU"
done
answer=$("$POD_INIT" criu --fd 9 --criu "$CRIU" --log "$work/criu.log" --kdat /proc 9</dev/null)
like "$answer" '"stage":"kdat","errno":"EINVAL"' 'the cache must be on a tmpfs'
is "$(cat "$work/stderr")" '' 'nothing on stderr'
done_testing
