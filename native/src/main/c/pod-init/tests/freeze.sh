#!/bin/bash
# `pod-init freeze`: a group is stopped when no connection waits to be accepted. In a network namespace of its own.
[[ -n ${POD_TEST_NET-} ]] || POD_TEST_NET=1 exec unshare -n -- "$BASH" "$0" "$@"
. "${0%/*}/lib/pod.bash"
make_cgroup || skip_all 'needs v2 cgroups'
ip link set lo up 2>/dev/null || skip_all 'needs ip'
frozen() { grep -qx 'frozen 1' "$cgroup/cgroup.events"; }
freeze() { output=$("$POD_INIT" freeze --pid $$ "$@" 2>&1); status=$?; }

sleep 60 & started+=($!); echo $! >"$cgroup/cgroup.procs"
freeze --cgroup "$cgroup"
is "$status:$output" 0: 'nobody listens'
frozen; ok $? 'it stands still'
echo 0 >"$cgroup/cgroup.freeze"

# Listens on both families, accepts when it is told to.
"$POD_TOOLS/podtool" listen 7100 <"$work/to" >"$work/from" & started+=($!)
exec {to}>"$work/to" {from}<"$work/from"
IFS= read -r -t 10 <&"$from"
freeze --cgroup "$cgroup"
is "$status:$output" 0: 'a listener without connections'
frozen; ok $? 'it stands still'
echo 0 >"$cgroup/cgroup.freeze"

exec {one}<>/dev/tcp/127.0.0.1/7100
freeze --cgroup "$cgroup" --wait 20
is "$status:$output" '0:7100 1' 'one that waits is told'
frozen; ok $((! $?)) 'and the group runs'
exec {two}<>/dev/tcp/::1/7100
freeze --wait 20
is "$status:$output" '0:7100 2' 'of both families'

{ sleep 0.2; echo >&"$to"; echo >&"$to"; } & started+=($!)
freeze --cgroup "$cgroup" --wait 5000
is "$status:$output" 0: 'it waits until they are accepted'
frozen; ok $? 'then it stands still'
freeze --cgroup /nonesuch
is "$status:$output" '1:pod-init: freezing /nonesuch: No such file or directory' 'a group that is not there'
output=$("$POD_INIT" freeze --pid 999999999 2>&1)
like "$?:$output" '^1:pod-init: entering /proc/999999999/ns/net: No such file' 'a process that is not there'
exec {to}>&- {from}<&- {one}>&- {two}>&-
echo 0 >"$cgroup/cgroup.freeze"
done_testing
