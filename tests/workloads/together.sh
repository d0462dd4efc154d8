#!/bin/bash
# together.sh NAME...: runs these workloads side by side. On USR1 all finish; then one line for each, `exit NAME STATUS`,
# and the exit status is how many failed.
here=${0%/*}
pids=()
trap 'kill -USR1 "${pids[@]}"' USR1
for name; do
  "$here/workload" "$name" </dev/null &
  pids+=($!)
done
failed=0
for i in "${!pids[@]}"; do
  name=${*:i+1:1}
  wait "${pids[i]}"
  status=$?
  if ((status == 128 + 10)); then # it was `wait` that USR1 cut short
    wait "${pids[i]}"
    status=$?
  fi
  echo "exit $name $status"
  ((status == 0)) || failed=$((failed + 1))
done
exit $failed
