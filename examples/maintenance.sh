#!/usr/bin/env bash
# Maintenance of one host: its pods move away, it is rebooted (or whatever REBOOT does), they come back. Any step that
# fails ends it with a message and the exit status of that step; repeated, it goes on where it was. Nothing is ever asked.
#
#   maintenance.sh HOST [TARGET...]     TARGETs may take its pods (default: every host of `pod host ls`)
#
# DEADLINE  what has not moved by then stays, and the host is not rebooted (default 30m)
# REBOOT    a command that returns when the host is down, or on its way there (default: only says that it would)
# DOWN      seconds that the host may take to go down after REBOOT (default 300; 0 if REBOOT returns when it is back)
# WAIT      seconds that the host may take to be back (default 900)
set -euo pipefail

host=${1:?usage: maintenance.sh HOST [TARGET...]}
shift
targets=()
for target in "$@"; do targets+=(--to "$target"); done
deadline=${DEADLINE:-30m}
down=${DOWN:-300}
wait=${WAIT:-900}

say() { echo "maintenance of $host: $*" >&2; }

answers() { pod host inspect "$host" >/dev/null 2>&1; }

say "its pods move away"
status=0
pod host evacuate "$host" "${targets[@]}" --deadline "$deadline" --yes || status=$?
if ((status != 0)); then
  say "it is not empty (exit status $status), so it is left as it is: cordoned. What to do stands above; then repeat this,"
  say "or have all as it was with: pod host uncordon $host --bring-back"
  exit "$status"
fi

say "it is empty and goes down"
if [[ -n ${REBOOT-} ]]; then
  bash -c "$REBOOT"
  # Pods that came back before it went down would die with it.
  end=$((SECONDS + down))
  while ((down > 0)) && answers; do
    ((SECONDS < end)) || { say "it has not gone down within $down s; it stays empty and cordoned"; exit 6; }
    sleep 1
  done
else
  say "here it would be rebooted: set REBOOT, as in REBOOT='ssh root@$host systemctl reboot'"
fi

end=$((SECONDS + wait))
until answers; do
  ((SECONDS < end)) || { say "it has not come back within $wait s; its pods stay where they are"; exit 6; }
  sleep 1
done

say "its pods come back"
pod host uncordon "$host" --bring-back
