"""What the hook costs a container at its start, and what a move of a container costs its client.

The same container is started by runc with the hook that `pod hook install` tells an engine of, and without it, by
turns; what it runs ends at once. podman takes twenty times as long to start one, and varies by more than the hook costs.

A Redis in a podman container, with a client that checks each answer on one connection, is moved to another host: by
`podman container checkpoint --export`, a copy and `restore --import`; by `pod migrate --engine podman`; and by `pod
migrate`, which makes a pod of it. The client's longest silence is compared, in this order, a new container each time.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

import lab
import podmans
from figures import Figure, report

POD = lab.TESTS.parent / "bin" / "pod"
HELPER = lab.TESTS.parent / "native" / "target" / "pod-init"
PLACE = lab.DIRECTORY / "hook"
STARTS = 200
WARM_UP = 10
WAYS = {"podman": podmans.Redis.by_itself, "to_podman": lambda redis: redis.by_podkit("--engine", "podman"),
        "to_pod": podmans.Redis.by_podkit}


@contextmanager
def place():
    """An empty directory; with all that is in it, it goes away again."""
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    try:
        yield
    finally:
        shutil.rmtree(PLACE)
        try:
            lab.DIRECTORY.rmdir()
        except OSError:
            pass  # somebody else's lab is in it


def installed() -> dict:
    """The hook as a runtime's configuration has it."""
    hooks = PLACE / "hooks.d"
    lab.run(POD, "--root", PLACE / "root", "--run", PLACE / "run", "hook", "install", "--hooks-dir", hooks)
    return json.loads((hooks / "podkit.json").read_text())["hook"]


def bundle(name: str, hook: dict | None) -> Path:
    """A container that ends as soon as it has begun."""
    made = PLACE / name
    root = made / "rootfs"
    root.mkdir(parents=True)
    shutil.copy(HELPER, root / "program")
    lab.run("runc", "spec", "--bundle", made)
    config = json.loads((made / "config.json").read_text())
    config["process"] |= {"terminal": False, "args": ["/program", "--version"], "rlimits": []}
    if hook is not None:
        config["hooks"] = {"createRuntime": [hook]}
    (made / "config.json").write_text(json.dumps(config))
    return made


def start(made: Path) -> float:
    """Milliseconds for a whole life."""
    words = ["runc", "--root", PLACE / "runc", "run", "--bundle", made, f"podkit-bench-{os.getpid()}"]
    began = time.monotonic()
    done = subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    took = (time.monotonic() - began) * 1000
    if done.returncode != 0 or not done.stdout.startswith("pod-init "):
        raise lab.BenchError(f"runc run: exit status {done.returncode}\n{done.stderr.strip()}")
    return took


def alone(hook: dict) -> float:
    """Milliseconds of the hook by itself, called as a runtime does."""
    state = {"ociVersion": "1.0.2", "id": f"alone-{os.getpid()}", "status": "creating", "pid": os.getpid(),
             "bundle": str(PLACE), "annotations": {"io.container.manager": "libpod"}}
    began = time.monotonic()
    subprocess.run(hook["args"], executable=hook["path"], input=json.dumps(state).encode(), check=True)
    return (time.monotonic() - began) * 1000


def measure(repeat: int) -> list[Figure]:
    hook = installed()
    without, with_it = bundle("without", None), bundle("with", hook)
    plain, hooked = [], []
    for turn in range(WARM_UP + STARTS * repeat):
        # By turns who is first: what the one leaves to be done in the background hits the other.
        pair = [(plain, without), (hooked, with_it)]
        for times, made in pair if turn % 2 == 0 else reversed(pair):
            times.append(start(made))
    noted = len(list((PLACE / "run/containers").glob("*.json")))
    if noted != len(hooked):
        raise lab.BenchError(f"the hook noted {noted} of {len(hooked)} containers")
    plain, hooked = plain[WARM_UP:], hooked[WARM_UP:]
    calls = [alone(hook) for _ in range(STARTS)]
    cost = median(hooked) - median(plain)
    return [
        Figure("start_without_hook", round(median(plain), 1), "ms"),
        Figure("start_with_hook", round(median(hooked), 1), "ms"),
        Figure("hook_cost", round(cost, 2), "ms", must=3),
        Figure("hook_alone", round(median(calls), 2), "ms"),
        Figure("hook_alone_95th", round(quantiles(calls, n=20)[-1], 2), "ms"),
    ]


def moves(mib: int, repeat: int) -> list[Figure]:
    lab.touch_memory(4 * mib)
    pauses = {way: [] for way in WAYS}
    with lab.lab(), podmans.podmans():
        for turn in range(repeat):
            for way, move in WAYS.items():
                pauses[way].append(podmans.pause_ms(mib, move))
                print(f"{mib} MiB, {way}: {pauses[way][-1]:.0f} ms", file=sys.stderr, flush=True)
    found = {way: median(values) for way, values in pauses.items()}
    return [Figure(f"pause_{way}", round(value), "ms") for way, value in found.items()] + [
        Figure(f"pause_{way}_of_podmans", round(found[way] / found["podman"], 3), "x", aim=0.05)
        for way in ("to_podman", "to_pod")
    ]


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench hook", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one object as the last line")
    parser.add_argument("--repeat", type=int, default=1, help=f"how often {STARTS} containers are started each way, and one is moved each way")
    parser.add_argument("--only", choices=("start", "move"), help="one of the two parts")
    parser.add_argument("--size", type=int, default=1024, help="MiB that the moved Redis holds")
    return parser.parse_args()


def main() -> int:
    arguments = parse()
    figures = []
    if arguments.only != "move":
        with place():
            figures += measure(arguments.repeat)
    if arguments.only != "start":
        figures += moves(arguments.size, arguments.repeat)
    return report("hook", figures, arguments.json)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except lab.BenchError as error:
        sys.exit(f"bench: {error}")
