"""A host with many pods is emptied by `pod host evacuate`, beside the same pods moved one by one with `pod migrate`.

Both ways move the same pods from hostA to the same three hosts within one run, there and back, so that neither has newer
pods or memory that was never touched. `total` is how long the command, or all commands together, took; `pause` is what each
pod itself found to be the longest time it did not run, the longest of all pods. Pods must be intact afterwards.
"""
import argparse
import json
import signal
import sys
import time
from statistics import median

import lab
from figures import Figure, report, table

TARGETS = ("hostB", "hostC", "hostD")
HOSTS = ("hostA", *TARGETS)
PATIENCE_S = 900


def addresses() -> dict[str, str]:
    return {host: f"10.77.0.{11 + number}" for number, host in enumerate(HOSTS)}


def one_by_one(pods: list[lab.Holder], plan: dict[str, str]) -> float:
    """Each to where the evacuation would take it; returns seconds."""
    start = time.monotonic()
    for pod in pods:
        lab.pod("hostA", "migrate", pod.name, addresses()[plan[pod.name]], "-o", "json")
        pod.home = plan[pod.name]
    return time.monotonic() - start


def evacuation(pods: list[lab.Holder], parallel: int) -> float:
    words = ["host", "evacuate", "hosta", "--yes", "-o", "json"]
    if parallel:
        words += ["--max-parallel", parallel]
    start = time.monotonic()
    done = json.loads(lab.pod("hostA", *words))
    took = time.monotonic() - start
    if not done["empty"]:
        raise lab.BenchError(f"hostA is not empty: {done}")
    for pod, move in ((pod, move) for pod in pods for move in done["pods"] if move["pod"] == pod.name):
        pod.home = by_name(move["target"])
    return took


def by_name(certified: str) -> str:
    return next(host for host in HOSTS if host.lower() == certified)


def planned() -> dict[str, str]:
    plan = json.loads(lab.pod("hostA", "host", "evacuate", "hosta", "--dry-run", "-o", "json"))
    return {move["pod"]: by_name(move["target"]) for move in plan["pods"]}


def bring_back(pods: list[lab.Holder]) -> None:
    """By hand, as after the moves one by one nothing remembers where they were; outside of what is measured."""
    lab.pod("hostA", "host", "uncordon", "hosta")
    for pod in pods:
        lab.pod(pod.home, "migrate", pod.name, addresses()["hostA"])
        pod.home = "hostA"


def harmed(pods: list[lab.Holder]) -> int:
    return sum(pod.ask("check") != "intact" for pod in pods)


def measured(pods: list[lab.Holder], move) -> dict[str, float]:
    for pod in pods:
        pod.longest_gap_ms()
    took = move()
    pauses = [pod.longest_gap_ms() for pod in pods]
    return {"total": took, "longest": max(pauses), "median": median(pauses), "harmed": harmed(pods)}


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev bench evacuate")
    parser.add_argument("--json", action="store_true", help="one object on the last line")
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="rounds of both ways (default 1)")
    parser.add_argument("--pods", type=int, default=20, metavar="N", help="pods (default 20)")
    parser.add_argument("--size", type=int, default=64, metavar="MIB", help="memory of each (default 64)")
    parser.add_argument("--max-parallel", type=int, default=0, metavar="N", help="as in pod host evacuate")
    options = parser.parse_args()

    lab.ENVIRONMENT["HOSTS"] = " ".join(HOSTS)
    lab.PATIENCE_S = PATIENCE_S
    lab.touch_memory(3 * options.pods * options.size)
    samples: dict[str, list[dict[str, float]]] = {"one by one": [], "evacuation": []}
    with lab.lab("holder"):
        for host, address in addresses().items():
            lab.pod("hostA", "host", "add", host, address)
        pods = [lab.Holder(f"p{i}", options.size, f"10.77.1.{10 + i}") for i in range(options.pods)]
        for pod in pods:
            pod.ask("check")
        bring_there(pods)
        for number in range(options.repeat):
            for name in samples:
                print(f"{number + 1} of {options.repeat}: {name}", file=sys.stderr)
                plan = planned()
                move = (lambda: one_by_one(pods, plan)) if name == "one by one" else (
                    lambda: evacuation(pods, options.max_parallel))
                samples[name].append(measured(pods, move))
                bring_back(pods)
        for pod in pods:
            pod.remove()

    of = lambda name, what: median(sample[what] for sample in samples[name])
    table([["way", "total s", "longest pause ms", "median pause ms"]] + [
        [name, f"{of(name, 'total'):.1f}", f"{of(name, 'longest'):.0f}", f"{of(name, 'median'):.0f}"]
        for name in samples])
    figures = [
        Figure("evacuate_total", round(of("evacuation", "total"), 1), "s"),
        Figure("evacuate_longest_pause", round(of("evacuation", "longest")), "ms"),
        Figure("one_by_one_total", round(of("one by one", "total"), 1), "s"),
        Figure("one_by_one_longest_pause", round(of("one by one", "longest")), "ms"),
        Figure("total_ratio", round(of("evacuation", "total") / of("one by one", "total"), 2), "x", aim=0.5),
        Figure("longest_pause_ratio", round(of("evacuation", "longest") / of("one by one", "longest"), 2), "x", aim=1.5),
        Figure("pods_harmed", sum(s["harmed"] for found in samples.values() for s in found), "pods", must=0),
    ]
    return report("evacuate", figures, options.json)


def bring_there(pods: list[lab.Holder]) -> None:
    """Once to every target and back: then each has the layer, and no way is the first to send it."""
    for number, host in enumerate(TARGETS):
        pod = pods[number % len(pods)]
        lab.pod("hostA", "migrate", pod.name, addresses()[host])
        lab.pod(host, "migrate", pod.name, addresses()["hostA"])


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the lab is taken down
    try:
        sys.exit(main())
    except lab.BenchError as error:
        sys.exit(f"bench: {error}")
