#!/bin/bash
# `pod-init deadman`, on the real binary.
. "${0%/*}/lib/pod.bash"
log=$work/log
start() { # COMMAND...: sets $deadman, and $to, its stdin
  rm -f "$log"
  "$POD_INIT" deadman --ready --log "$log" -- "$@" <"$work/to" >"$work/from" &
  deadman=$!
  exec {to}>"$work/to" {from}<"$work/from"
  IFS= read -r -t 10 answer <&"$from"
  started+=("$deadman")
}

start sh -c 'echo recovered; exec sleep 0.1'
is "$answer" "{\"event\":\"ready\",\"pid\":$deadman}" 'says when it is ready'
is "$(ps -o sid= -p "$deadman" | tr -d ' ')" "$deadman" 'in a session of its own'
kill -TERM "$deadman"; kill -INT "$deadman"; kill -HUP "$deadman"; sleep 0.1
running "$deadman"; ok $? 'outlives what ends its caller'
exec {to}>&-
wait "$deadman"; is "$?" 0 'becomes the command at end of input'
is "$(cat "$log")" recovered 'whose output goes to the log'

start sh -c 'echo recovered'
echo 'still here' >&"$to"; echo done >&"$to"
wait "$deadman"; is "$?" 0 'done ends it'
[[ ! -s $log ]]; ok $? 'without the command'
exec {to}>&-

start sh -c 'echo recovered'
printf done >&"$to"; exec {to}>&-
wait "$deadman"; is "$(cat "$log")" recovered 'an unfinished line is no done'

start grep SigIgn /proc/self/status; exec {to}>&-
wait "$deadman"; like "$(cat "$log")" $'^SigIgn:\t0+$' 'the command ignores no signal'
start nonesuch; exec {to}>&-
wait "$deadman"; is "$?" 1 'a command that cannot be run'
like "$(cat "$log")" '^pod-init: nonesuch: No such file' 'is told in the log'
done_testing
