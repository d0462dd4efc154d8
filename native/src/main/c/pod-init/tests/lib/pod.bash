# What the shell tests share: TAP, pods made of one static program, and clean-up whatever happens.
# POD_INIT is the binary to test from outside, POD_INIT_INSIDE the static one that goes into the pod, POD_TOOLS a
# directory with podtool and criurpc.

set -u
: "${POD_INIT:?}" "${POD_INIT_INSIDE:?}" "${POD_TOOLS:?}"

tap_count=0 tap_failed=0
ok() { # STATUS DESCRIPTION
  tap_count=$((tap_count + 1))
  if (($1 == 0)); then echo "ok $tap_count - $2"; else echo "not ok $tap_count - $2"; tap_failed=1; fi
}
is() { # GOT WANTED DESCRIPTION
  [[ $1 == "$2" ]]; local same=$?
  ok $same "$3"
  ((same == 0)) || printf '#      got: %.300s\n#   wanted: %.300s\n' "${1@Q}" "${2@Q}"
}
like() { # TEXT REGEX DESCRIPTION
  [[ $1 =~ $2 ]]; local match=$?
  ok $match "$3"
  ((match == 0)) || printf '#      got: %.300s\n#    wanted like: %.300s\n' "${1@Q}" "${2@Q}"
}
skip_all() { echo "1..0 # SKIP $*"; exit 0; }
skip() { tap_count=$((tap_count + 1)); echo "ok $tap_count - $2 # SKIP $1"; } # REASON DESCRIPTION
done_testing() { echo "1..$tap_count"; exit $tap_failed; }

((EUID == 0)) || skip_all 'needs root'
# A mount namespace of the test's own: no mount can be left behind.
if [[ -z ${POD_TEST_UNSHARED-} ]]; then
  unshare -m true 2>/dev/null || skip_all 'needs mount namespaces'
  POD_TEST_UNSHARED=1 exec unshare -m --propagation private -- "$BASH" "$0" "$@"
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/pod-init-test.XXXXXX")
root=$work/root dev=$work/dev exit_file=$work/exit.json
cgroup=
mkfifo "$work/to" "$work/from"
started=() # pids of pids 1 and of helpers this test has to account for
cleanup() {
  local pid
  for pid in "${started[@]}"; do kill -KILL "$pid" 2>/dev/null; done
  for pid in "${started[@]}"; do await "! running $pid"; done
  if [[ -n $cgroup ]]; then await 'rmdir "$cgroup" 2>/dev/null' || echo "# left behind: $cgroup"; fi
  umount -l "$dev" 2>/dev/null
  rm -rf "$work"
  rmdir /run/pod-init-test.$$ 2>/dev/null
}
trap cleanup EXIT
trap '' PIPE # of a helper that has ended; also shows that what it starts has it back

await() { # CONDITION: at most ten seconds
  local tries
  for ((tries = 0; tries < 500; tries++)); do eval "$1" && return 0; sleep 0.02; done
  return 1
}
# Neither gone nor a zombie.
running() { local stat; stat=$(cat "/proc/$1/stat" 2>/dev/null) && [[ ! $stat =~ \)\ [ZX]\  ]]; }
# Whether a line of a file looks like this.
has() { grep -qE -- "$2" "$1" 2>/dev/null; } # FILE REGEX

encode() { # TEXT, as one argument of a plan
  local text=$1 byte out=
  [[ -n $text ]] || { echo %; return; }
  local LC_ALL=C
  while [[ -n $text ]]; do
    byte=${text:0:1} text=${text:1}
    if [[ $byte == [!\ -~]* || $byte == ' ' || $byte == % ]]; then printf -v byte '%%%02X' "'$byte"; fi
    out+=$byte
  done
  echo "$out"
}

# A tree with the helper and one program in it, and a /dev.
make_tree() {
  mkdir -p "$root"/{.pod/exec,bin,proc,dev,tmp} "$dev"
  chmod 1777 "$root/tmp"
  cp "$POD_INIT_INSIDE" "$root/.pod/init"
  cp "$POD_TOOLS/podtool" "$root/bin/tool"
  mount -t tmpfs -o mode=755,nosuid,noexec tmpfs "$dev"
  mknod -m 666 "$dev/null" c 1 3
  mknod -m 666 "$dev/tty" c 5 0
  mkdir "$dev/pts"
  ln -s pts/ptmx "$dev/ptmx"
  ln -s /proc/self/fd "$dev/fd"
  ln -s fd/1 "$dev/stdout"
}

make_cgroup() {
  local top
  top=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
  [[ -n $top ]] && mkdir "$top/pod-init-test.$$" && cgroup=$top/pod-init-test.$$
}

userns=yes
plan() { # the records every pod of these tests has; more from the arguments, one record each
  printf '%s\n' "name test" "root $root" "hostname inside" "exit-file $exit_file" "caps 1ff"
  [[ $userns == no ]] || printf '%s\n' "uid-map 0 0 65536" "gid-map 0 0 65536"
  [[ -z $cgroup ]] || echo "cgroup $cgroup"
  printf '%s\n' "env PATH=/bin" "mount $dev /dev % bind %" \
    "mount devpts /dev/pts devpts nosuid,noexec newinstance,ptmxmode=0666,mode=0620" \
    "mount proc /proc proc nosuid,nodev,noexec %" "$@"
}
command_records() { # COMMAND ARG...
  local arg
  for arg; do echo "arg $(encode "$arg")"; done
}

member() { # NAME JSON: the value of a member, quotes removed
  [[ $2 =~ \"$1\":\"?([^,\"}]*) ]] && echo "${BASH_REMATCH[1]}"
}

# Starts a pod from the records on stdin; `end` is added. Sets $created, $answer (the last event), $status (that of the
# helper), $pid, $monitor. $before_go is evaluated in between.
run_pod() {
  rm -f "$exit_file" "$root"/.pod/{stdout,stderr}
  local to from helper
  "$POD_INIT" run <"$work/to" >"$work/from" 2>>"$work/stderr" &
  helper=$!
  exec {to}>"$work/to" {from}<"$work/from"
  { cat; echo end; } >&"$to"
  created= answer= pid= monitor=
  IFS= read -r -t 20 created <&"$from"
  answer=$created
  if pid=$(member pid "$created") && [[ -n $pid ]]; then
    monitor=$(member monitor "$created")
    started+=("$pid" "$monitor")
    [[ -z ${before_go-} ]] || eval "$before_go"
    echo go >&"$to" 2>/dev/null
    IFS= read -r -t 20 answer <&"$from"
  fi
  exec {to}>&- {from}<&-
  wait "$helper"
  status=$?
}
run_with() { # RECORD... -- COMMAND ARG...
  local records=()
  while [[ $1 != -- ]]; do records+=("$1"); shift; done
  shift
  run_pod < <(plan "${records[@]}"; command_records "$@")
}
run_tool() { run_with -- tool "$@"; }
await_exit() { await '[[ -e $exit_file ]]' && await "! running $pid"; }
tasks() { pgrep --ns "$pid" --nslist pid .; }
leaks() { # PID...: descriptors of these processes of a pod that do not lead into it
  local task
  for task; do readlink "/proc/$task/fd/"*; done |
    grep -vxE '/dev/null|/\.pod/.*|anon_inode:\[signalfd\]|/dev/pts/.*|/dev/ptmx'
}
capabilities() { # PID: its permitted and bounding sets
  awk '/^Cap(Prm|Bnd)/ {print $2}' "/proc/$1/status" | sed 's/^0*//' | paste -sd' '
}
output() { cat "$root/.pod/stdout" 2>/dev/null; }

# Starts an exec session ID in the pod. Sets $answer, $status, $supervisor.
exec_in() { # ID RECORD..., the command's among them
  mkdir -p "$root/.pod/exec/$1"
  [[ -e $root/.pod/exec/$1/stdin ]] || mkfifo "$root/.pod/exec/$1/stdin"
  answer=$(
    {
      printf '%s\n' "pid $pid" "userns $userns" "id $1" "caps 1ff" "env PATH=/bin" "${@:2}"
      [[ -z $cgroup ]] || echo "cgroup $cgroup"
      echo end
    } | "$POD_INIT" exec 2>>"$work/stderr"
  )
  status=$?
  supervisor=$(member pid "$answer")
  [[ -z $supervisor ]] || started+=("$supervisor")
}
