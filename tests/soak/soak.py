"""Moves programs that know what their memory must hold there and back, and has them verify all of it after each move.

A run is one pod of each adversary: started with a seed of its own on hostA, moved to hostB and back, verified after
each move and once more at its end. Words after `--` go to `pod migrate`, for example `-- --strategy pre-copy`. The
first corruption, failed move or silence ends the soak with exit status 1; what is needed to see it again is printed,
and the logs are kept in tests/target/soak.
"""
import argparse
import json
import random
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))
import lab  # noqa: E402
from figures import table  # noqa: E402

KEPT = lab.TESTS / "target/soak"
ADDRESS = "10.77.1.90"
PATIENCE_S = 180
LOOK_S = 5  # between two looks at whether it still runs
MOST_REST_S = 0.6  # between two moves: different for each, so that moves meet different moments


class Found(Exception):
    """Something that must not be; the message says what."""


def adversaries() -> list[str]:
    lines = lab.run(lab.TESTS / "target/workload", "--list").splitlines()
    return [name for name in (line.split("\t")[0] for line in lines) if name.startswith("adversary-")]


class Opponent:
    """A pod with one adversary."""

    def __init__(self, name: str, seed: int, arguments: argparse.Namespace):
        self.adversary, self.seed, self.home = name, seed, "hostA"
        self.name = f"{name}-{seed}"
        self._migrate_options = arguments.migrate
        self._verified = 0
        self.reports: list[dict] = []
        words = ["--seed", seed]
        for option in ("rate", "size"):
            value = getattr(arguments, option)
            words += [] if value is None else [f"--{option}", value]
        self.command = ["/workload", name, *map(str, words)]
        place = ["--name", self.name, "--image", "workload", "--ip", ADDRESS]
        lab.pod("hostA", "run", "-d", *place, "--", *self.command)

    def log(self) -> str:
        """Its output, straight from the pod's tree: this is asked often, and a command takes its time to start."""
        tree = lab.DIRECTORY / self.home / "root/pods" / self.name / "upper"
        try:
            return (tree / ".pod/stdout").read_text(errors="replace")
        except FileNotFoundError:
            return ""

    def complaint(self) -> str:
        """What the adversary says it has found."""
        return "\n".join(line for line in self.log().splitlines() if line.startswith("FAIL"))

    def await_log(self, wanted: str) -> None:
        """Waits for a line; fails where the adversary has found something, or says nothing more."""
        end = time.monotonic() + PATIENCE_S
        next_look = time.monotonic() + LOOK_S
        while True:
            running = time.monotonic() < next_look or self._state() == "running"
            if time.monotonic() >= next_look:
                next_look = time.monotonic() + LOOK_S
            if self.complaint():
                raise Found(self.complaint())
            if wanted in self.log().splitlines():
                return
            if not running:
                raise Found(f"the adversary has ended without '{wanted}'")
            if time.monotonic() > end:
                raise Found(f"no '{wanted}' in {PATIENCE_S} s")
            time.sleep(0.05)

    def _state(self) -> str:
        found = json.loads(lab.pod(self.home, "inspect", self.name, "-o", "json"))
        return (found[0] if isinstance(found, list) else found).get("state", "")

    def move(self, target: str) -> None:
        command = ["pod", "migrate", self.name, lab.ADDRESSES[target], "-o", "json", *self._migrate_options]
        words = lab.on(self.home, *command)
        done = subprocess.run(words, capture_output=True, text=True, env=lab.ENVIRONMENT, timeout=10 * PATIENCE_S)
        self.last_words = done.stderr
        if done.returncode != 0:
            raise Found(f"pod migrate to {target}: exit status {done.returncode}\n{done.stderr.strip()}")
        self.reports.append(lab.report_of(done.stdout))
        self.home = target

    def verify(self) -> None:
        lab.pod(self.home, "kill", "--signal", "USR2", self.name)
        self._verified += 1
        self.await_log(f"verified {self.adversary} {self._verified}")

    def finish(self) -> None:
        lab.pod(self.home, "kill", "--signal", "USR1", self.name)
        self.await_log(f"done {self.adversary}")

    def remove(self) -> None:
        for host in lab.ADDRESSES:
            words = lab.on(host, "pod", "rm", "-f", self.name)
            subprocess.run(words, env=lab.ENVIRONMENT, capture_output=True, check=False)


def keep(opponent: Opponent, what: str) -> Path:
    """All that tells what happened, where the lab's end does not take it away."""
    place = KEPT / opponent.name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    (place / "found").write_text(what + "\n")
    (place / "reports.json").write_text(json.dumps(opponent.reports, indent=1))
    (place / "migrate.err").write_text(getattr(opponent, "last_words", ""))
    for host in lab.ADDRESSES:
        shutil.copy(lab.DIRECTORY / host / "agent.log", place / f"{host}.agent.log")
        for command in ("ps", "logs"):
            words = ["pod", command, *(["-a"] if command == "ps" else [opponent.name])]
            said = subprocess.run(lab.on(host, *words), env=lab.ENVIRONMENT, capture_output=True, text=True, check=False)
            (place / f"{host}.{command}").write_text(said.stdout + said.stderr)
    return place


def one_run(name: str, seed: int, arguments: argparse.Namespace) -> list[dict]:
    """There and back. Its reports of the moves."""
    rest = random.Random(f"{name} {seed}")
    opponent = Opponent(name, seed, arguments)
    at = "at its start"
    try:
        opponent.await_log(f"ok {name} 3")
        for number in range(2 * arguments.trips):
            target = "hostB" if opponent.home == "hostA" else "hostA"
            at = f"in move {number + 1}, from {opponent.home} to {target}"
            time.sleep(rest.uniform(0, MOST_REST_S))
            opponent.move(target)
            opponent.verify()
        at = "at its end"
        opponent.finish()
    except (Found, lab.BenchError, subprocess.TimeoutExpired) as error:
        options = [] if not arguments.migrate else ["--", *arguments.migrate]
        chosen = [w for o in ("rate", "size") if (v := getattr(arguments, o)) is not None for w in (f"--{o}", str(v))]
        again = ["./dev", "soak", "--only", name.removeprefix("adversary-"), "--seed", str(seed), "--runs", "1",
                 "--trips", str(arguments.trips), *chosen, *options]
        what = opponent.complaint() or str(error)  # whoever finds it dead knows less than its last words
        place = keep(opponent, f"{at}: {what}")
        raise Found(f"{name} {at}:\n{what}\n\nkept in {place}\nagain: {shlex.join(again)}") from error
    finally:
        opponent.remove()
    return opponent.reports


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev soak", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3, help="pods of each adversary")
    parser.add_argument("--trips", type=int, default=1, help="there and back, of one pod")
    parser.add_argument("--seconds", type=float, help="start no further run after so long; alone: runs without number")
    parser.add_argument("--only", action="append", metavar="NAME", help="this adversary; may be given again")
    parser.add_argument("--seed", type=int, help="of the first run; the next has the next")
    parser.add_argument("--rate", type=int, help="operations a second; 0: it only verifies")
    parser.add_argument("--size", type=int, help="MiB of memory")
    parser.add_argument("--json", action="store_true", help="one object as the last line")
    words = sys.argv[1:]
    cut = words.index("--") if "--" in words else len(words)
    arguments = parser.parse_args(words[:cut])
    arguments.migrate = words[cut + 1:]
    if arguments.seconds is not None and "--runs" not in words[:cut]:
        arguments.runs = sys.maxsize
    known = adversaries()
    wanted = ["adversary-" + name.removeprefix("adversary-") for name in arguments.only or known]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        parser.error(f"no {', '.join(unknown)}; there are: {', '.join(known)}")
    arguments.only = wanted
    return arguments


def summary(results: dict[str, list[dict]]) -> list[dict]:
    """One row for each adversary."""
    rows = []
    for name, reports in results.items():
        frozen = [r["frozenMs"] for r in reports if r.get("frozenMs") is not None]
        rows.append({
            "adversary": name,
            "moves": len(reports),
            "frozenMsMedian": median(frozen) if frozen else None,
            "frozenMsLongest": max(frozen, default=None),
            "strategies": sorted({str(r.get("strategy")) for r in reports}),
        })
    return rows


def main() -> int:
    arguments = parse()
    seed = arguments.seed if arguments.seed is not None else random.randrange(1, 1 << 24)
    results: dict[str, list[dict]] = {name: [] for name in arguments.only}
    found, runs, start = None, 0, time.monotonic()
    over = lambda: arguments.seconds is not None and time.monotonic() - start > arguments.seconds
    print(f"seed {seed}", file=sys.stderr)
    with lab.lab("workload"):
        start = time.monotonic()
        try:
            for number in range(arguments.runs):
                for name in arguments.only:
                    if over():
                        break
                    results[name] += one_run(name, seed + number, arguments)
                    runs += 1
                    print(f"{name} {seed + number}: {len(results[name])} moves, unharmed", file=sys.stderr)
                if over():
                    break
        except Found as error:
            found = str(error)
    rows = summary(results)
    ms = lambda value: "-" if value is None else f"{value:.0f}"
    head = ["adversary", "moves", "frozen ms", "longest", "strategy"]
    table([head] + [[r["adversary"], str(r["moves"]), ms(r["frozenMsMedian"]), ms(r["frozenMsLongest"]),
                     ",".join(r["strategies"])] for r in rows])
    print(f"\n{runs} runs, {sum(r['moves'] for r in rows)} moves: " + (f"FOUND {found}" if found else "all unharmed"))
    if arguments.json:
        print(json.dumps({"soak": rows, "runs": runs, "seed": seed, "options": arguments.migrate, "found": found}))
    return 1 if found or runs == 0 else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the lab is taken down
    try:
        sys.exit(main())
    except lab.BenchError as error:
        sys.exit(f"soak: {error}")
