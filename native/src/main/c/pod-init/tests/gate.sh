#!/bin/bash
# `pod-init gate`, on the real binary: what it answers itself, what it leaves to CRIU, and that nothing is restored
# without whoever holds the restore.
. "${0%/*}/lib/pod.bash"
fake=$work/criu
printf '#!/bin/sh\necho "criu $*" >>"%s"\n' "$work/called" >"$fake"; chmod +x "$fake"
ask() { # TYPE [FIELD...] -- [OPTION...]: sets $answer
  local fields=()
  while [[ $1 != -- ]]; do fields+=("$1"); shift; done
  shift
  rm -f "$work/called"
  answer=$(timeout 10 "$POD_TOOLS/criurpc" "${fields[@]}" -- "$POD_INIT" gate --criu "$fake" "$@" -- swrk @FD@ 2>&1)
}

ask 1 1=-1 2=1 --
is "$answer" $'field 1 = 1\nfield 2 = 1' 'a dump is done'
[[ ! -e $work/called ]]; ok $? 'and not made'
ask 2 1=-1 13:/ --
like "$(cat "$work/called")" '^criu swrk [0-9]+$' 'a restore is left to CRIU where dumps are skipped'
ask 10 1=-1 --
like "$(cat "$work/called")" '^criu swrk [0-9]+$' 'so is a question for the version'
ask 10 1=-1 -- --socket "$work/nobody"
like "$(cat "$work/called")" '^criu swrk [0-9]+$' 'also where restores are held'
ask 1 1=-1 2=1 -- --socket "$work/nobody"
like "$(cat "$work/called")" '^criu swrk [0-9]+$' 'where a dump is one'
ask 2 1=-1 13:/ -- --socket "$work/nobody"
[[ ! -e $work/called ]]; ok $? 'a restore that nobody holds does not begin'
like "$answer" "^pod-init: $work/nobody: " 'and it is said why'
rm -f "$work/called"
"$POD_INIT" gate --criu "$fake" --socket "$work/nobody" -- --version
is "$(cat "$work/called")" 'criu --version' 'what is no worker is left to CRIU'
is "$("$POD_INIT" gate -- --version 2>&1)" 'pod-init: --criu PATH is wanted' 'CRIU has to be named'
done_testing
