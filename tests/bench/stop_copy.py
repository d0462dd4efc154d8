"""A move by stop-and-copy beside plain criu dump + copy + criu restore of the same kind of pod.

Both ways take turns within one run, so that a busy machine is unfair to neither. `frozen` is what the pod itself found
to be the longest time it did not run, the same ruler for both; `pause` is the longest silence for a client that pings
over one connection every 2 ms; `total` is how long the command took. Medians are compared.
"""
import argparse
import json
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from statistics import median

import lab
import plain_criu
from figures import Figure, report, table

SIZES = {"1 MiB": 1, "100 MiB": 100, "1 GiB": 1024}
LARGE_MIB = 1024
TOUCHED_MIB = 4 * 1024  # source, images in memory, target; with room
SETTLE_S = 0.5
STARTS = 15

Sample = dict[str, float]


def by_podkit(holder: lab.Holder) -> Sample:
    lines = lab.pod("hostA", "migrate", holder.name, lab.ADDRESSES["hostB"], "-o", "json").splitlines()
    moved = json.loads(lines[-1])
    holder.home = "hostB"
    return {"reported": moved["frozenMs"]} | {p["phase"]: p["ms"] for p in moved["phases"] if not p["podRuns"]}


def measure(holder: lab.Holder, move: Callable[[lab.Holder], Sample]) -> Sample:
    """Moves it under a client's eyes."""
    holder.ask("check")
    client = lab.Client(holder)
    try:
        time.sleep(SETTLE_S)
        client.mark()
        holder.longest_gap_ms()
        start = time.monotonic()
        details = move(holder)
        total = (time.monotonic() - start) * 1000
        frozen = holder.longest_gap_ms()
        time.sleep(SETTLE_S)
        pause = client.mark()["pause_ms"]
        verdict = client.stop()
    finally:
        client.kill()
    harmed = verdict["broken"] + (holder.ask("check") != "intact")
    return {"frozen": frozen, "pause": pause, "total": total, "harmed": harmed} | details


def podkit_round(number: int, mib: int) -> Sample:
    holder = lab.Holder(f"podkit{number}", mib, f"10.77.1.{10 + number}")
    try:
        return measure(holder, by_podkit)
    finally:
        holder.remove()


def plain_round(number: int, mib: int) -> Sample:
    holder = lab.Holder(f"plain{number}", mib, f"10.77.2.{10 + number}")
    try:
        with plain_criu.Move(holder) as move:
            return measure(holder, lambda _: move.migrate() or {})
    finally:
        holder.remove()


def rounds(mib: int, repeat: int) -> tuple[Sample, Sample]:
    """Medians of what podkit and plain CRIU took; `harmed` is the sum."""
    samples: dict[Callable, dict[str, list[float]]] = {podkit_round: defaultdict(list), plain_round: defaultdict(list)}
    for number in range(repeat):
        for one, found in samples.items():
            print(f"{mib} MiB, {number + 1} of {repeat}: {one.__name__.split('_')[0]}", file=sys.stderr)
            for name, value in one(number, mib).items():
                found[name].append(value)
    summary = lambda found: {n: sum(v) if n == "harmed" else median(v) for n, v in found.items()}
    return summary(samples[podkit_round]), summary(samples[plain_round])


def start_ms(*words: str) -> float:
    """Median of a command's run time."""
    took = []
    for _ in range(STARTS):
        start = time.monotonic()
        subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
        took.append((time.monotonic() - start) * 1000)
    return median(took)


def start_figures() -> list[Figure]:
    ours = start_ms(str(lab.TESTS.parent / "bin/pod"), "ps")
    figures = [Figure("start_pod_ps", round(ours), "ms")]
    if shutil.which("podman"):
        theirs = start_ms("podman", "ps")
        figures += [Figure("start_podman_ps", round(theirs), "ms"),
                    Figure("start_ratio", round(ours / theirs, 2), "x")]
    return figures


def size_figures(size: str, mib: int, ours: Sample, plain: Sample) -> list[Figure]:
    name = size.replace(" ", "").lower()
    ratio = round(ours["frozen"] / plain["frozen"], 2)
    pause_aim = 150 if mib == 1 else None
    return [
        Figure(f"frozen_ratio_{name}", ratio, "x", aim=1.0 if mib == 1 else 1.1),
        Figure(f"frozen_{name}", round(ours["frozen"], 1), "ms"),
        Figure(f"client_pause_{name}", round(ours["pause"], 1), "ms", aim=pause_aim),
        Figure(f"total_{name}", round(ours["total"], 1), "ms"),
    ]


def print_table(results: dict[str, tuple[Sample, Sample]]) -> None:
    rows = [["median, ms", "podkit", "plain criu", "ratio"]]
    for size, (ours, plain) in results.items():
        for name in ("frozen", "pause", "total"):
            ratio = f"{ours[name] / plain[name]:.2f}"
            rows.append([f"{size}: {name}", f"{ours[name]:.0f}", f"{plain[name]:.0f}", ratio])
        details = [name for name in ours if name not in plain]
        rows += [[f"{size}:   {name}", f"{ours[name]:.0f}", "", ""] for name in details]
    table(rows)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench stop-copy", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one object as the last line")
    parser.add_argument("--repeat", type=int, default=3, help="moves of each kind and size; fewer for 1 GiB")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES.values())), help="in MiB, of 1,100,1024")
    arguments = parser.parse_args()
    wanted = {int(mib) for mib in arguments.sizes.split(",")}

    lab.touch_memory(TOUCHED_MIB)
    results, figures, harmed = {}, [], 0.0
    with lab.lab("holder"):
        for size, mib in SIZES.items():
            if mib in wanted:
                repeat = max(2, arguments.repeat - 1) if mib >= LARGE_MIB else arguments.repeat
                ours, plain = results[size] = rounds(mib, min(repeat, arguments.repeat))
                figures += size_figures(size, mib, ours, plain)
                harmed += ours["harmed"]
        figures += start_figures()
    print_table(results)
    return report("stop-copy", [Figure("harmed", harmed, "moves", must=0), *figures], arguments.json)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the lab is taken down
    try:
        sys.exit(main())
    except lab.BenchError as error:
        sys.exit(f"bench: {error}")
