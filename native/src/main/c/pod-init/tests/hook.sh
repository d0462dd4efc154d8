#!/bin/bash
# `pod-init hook`, on the real binary: whatever it is given, it exits 0, soon, and leaves no half note.
. "${0%/*}/lib/pod.bash"
notes=$work/run/containers
state() { # ID PID [MORE]
  printf '{"ociVersion":"1.0.2","id":"%s","status":"created","pid":%s,"bundle":"/b"%s}' "$1" "$2" "${3-}"
}
hook() { # [ARGUMENT...]: sets $status and $said; the state is on stdin
  said=$(timeout 5 "$POD_INIT" hook "${@-$notes}" 2>&1)
  status=$?
}
start_time() { sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f 20; }
harmless() { # WHAT [REASON]: it ended well, and there is no note, nor a part of one
  is "$status" 0 "$1: exits 0"
  like "$said" "^pod-init: hook: .*${2-no container}.*: the container is not noted$" "$1: says why"
  is "$(ls -A "$notes" 2>/dev/null)" '' "$1: notes nothing"
}

hook < <(echo garbage); harmless garbage
hook </dev/null; harmless 'no state'
said=$(sh -c 'exec "$0" hook "$1" <&-' "$POD_INIT" "$notes" 2>&1); status=$?; harmless 'closed stdin'
hook < <(state .. $$); harmless 'an id that leads up'
hook < <(state a/b $$); harmless 'an id that leads elsewhere'
hook < <(state a 4194304); harmless 'a pid of nobody' gone
hook < <(printf '{"id":"a","status":"stopped"}'); harmless 'a stopped container'
hook < <(head -c 1000000 /dev/zero); harmless 'a megabyte of zeros'
is "$("$POD_INIT" hook x </dev/null 2>&1)" \
  'pod-init: hook: one absolute directory is wanted: the container is not noted' 'a relative directory is refused'

hook < <(state web $$)
is "$status:$said" 0: 'a container is noted without a word'
note=$notes/web.$(start_time $$).json
is "$(cat "$note")" "{\"schemaVersion\":1,\"id\":\"web\",\"pid\":$$,\"startTime\":$(start_time $$),\"bootId\":\"$(
  cat /proc/sys/kernel/random/boot_id)\",\"bundle\":\"/b\"}" 'with what tells its process from all others'
is "$(stat -c '%a %n' "$notes" "$note")" "700 $notes"$'\n'"600 $note" 'for root alone'
hook < <(state web $$)
is "$(ls -A "$notes")" "${note##*/}" 'twice is once'

annotations=$(head -c 3000000 /dev/zero | tr '\0' x)
hook < <(state huge $$ ",\"annotations\":{\"a\":\"$annotations\"}")
is "$status:$said" 0: 'annotations of megabytes'
[[ -f $notes/huge.$(start_time $$).json ]]; ok $? 'are no obstacle'
(state slow $$ | { head -c 9; sleep 0.1; cat; }) | "$POD_INIT" hook "$notes"
[[ -f $notes/slow.$(start_time $$).json ]]; ok $? 'a state in pieces'
(state out $$ | "$POD_INIT" hook "$notes") >&- 2>&-
[[ -f $notes/out.$(start_time $$).json ]]; ok $? 'without stdout and stderr'
exec {open}<>"$work/to" # never at its end, because this keeps it open for writing
state x $$ >&"$open"
(trap '' ALRM; TIMEFORMAT=%R; time "$POD_INIT" hook "$notes" <"$work/to"; echo "status $?") >"$work/hung" 2>&1
is "$(tail -1 "$work/hung")" 'status 0' 'a stdin that never ends is given up'
[[ $(head -1 "$work/hung") < 1.500 ]]; ok $? 'soon, even where SIGALRM was ignored'
exec {open}>&-
rm -f "$notes"/*

mount -t tmpfs -o size=4k,nr_inodes=8 tmpfs "$notes"
head -c 4096 /dev/zero >"$notes/.full"
hook < <(state web $$)
is "$status" 0 'a full disk: exits 0'
like "$said" 'No space left' 'a full disk: says why'
is "$(ls -A "$notes")" .full 'a full disk: leaves no part of a note'
umount "$notes"
rmdir "$notes"; echo file >"$notes"
hook < <(state web $$)
like "$status:$said" '^0:.*Not a directory' 'a file in place of the directory'
rm "$notes"; mkdir "$work/other"; ln -s "$work/other" "$notes"
hook < <(state web $$)
is "$status:$(ls -A "$work/other" | wc -l)" 0:1 'a link to the directory is followed'
done_testing
