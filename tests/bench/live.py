"""What a move of a running pod costs: how long a client waits, how much memory and throughput it takes.

Everything that is compared takes turns within one run. `pause` is the longest silence for a client that pings the pod
every millisecond over one connection. Words after `--` go to `pod migrate`, for example `-- --strategy pre-copy`.
"""
import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from statistics import median

import lab
import plain_criu
import watch
from figures import Figure, report, table

PINGS = 1000  # a second
HOT_WRITES = 10000  # pages a second: the whole hot set of 10 MiB changes four times a second
REWRITTEN = 50_000_000 // 4096  # pages a second
POST_COPY_WRITES = 1000
SETTLE_S = 0.5
PATIENCE_S = 900
STREAM_PORT = 7603
CHUNK = 1 << 20

PARTS = ("pause", "growth", "rewrite", "throughput", "memory", "redis", "post-copy")


class Bench:
    """The samples of all parts, by name, and what was asked for."""

    def __init__(self, arguments: argparse.Namespace):
        self.options = arguments.migrate
        self.small, self.main, self.large = arguments.sizes
        self.hot = max(1, self.main // 100)
        self.redis_mib = arguments.redis_mib
        self.samples: dict[str, list[float]] = defaultdict(list)
        self.reports: dict[str, list[dict]] = defaultdict(list)
        self.harmed = 0
        self.notes: list[str] = []
        self._number = 0

    def add(self, found: dict[str, float]) -> None:
        for name, value in found.items():
            self.samples[name].append(value)

    def median(self, name: str) -> float | None:
        return median(self.samples[name]) if self.samples[name] else None

    def ratio(self, one: str, other: str) -> float | None:
        a, b = self.median(one), self.median(other)
        return None if a is None or not b else a / b

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    # --- one move under a client's eyes ---

    def holder(self, kind: str, mib: int, hot: int, writes: int, *options: str) -> lab.Holder:
        self._number += 1
        return lab.Holder(f"{kind}{self._number}", mib, f"10.77.1.{10 + self._number % 200}", hot, writes, *options)

    def measure(self, holder: lab.Holder, move: Callable[[], None]) -> float:
        """The client's pause, in ms."""
        holder.ask("check")
        client = lab.Client(holder, PINGS)
        try:
            time.sleep(SETTLE_S)
            client.mark()
            move()
            time.sleep(SETTLE_S)
            pause = client.mark()["pause_ms"]
            verdict = client.stop()
        finally:
            client.kill()
        self.harmed += verdict["broken"] + (holder.ask("check") != "intact")
        return pause

    def migrate(self, name: str, *options: str, watched: bool = False) -> tuple[dict, dict[str, float]]:
        """The report, and the memory it took where that was watched."""
        words = lab.on("hostA", "pod", "migrate", name, lab.ADDRESSES["hostB"], "-o", "json", *self.options, *options)
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        process = subprocess.Popen(words, env=lab.ENVIRONMENT, **pipes)
        memory = watch.Watch(process.pid) if watched else None
        said, errors = process.communicate(timeout=PATIENCE_S)
        if process.returncode != 0:
            raise lab.BenchError(f"{' '.join(words[4:])}: exit status {process.returncode}\n{errors.strip()}")
        found = lab.report_of(said)
        return found, memory.end(found) if memory else {}

    def ours(self, kind: str, mib: int, hot: int, writes: int, watched: bool = False) -> None:
        """One move by podkit: its pause goes to `kind`, its report is kept."""
        progress(f"{kind}: podkit, {mib} MiB, {hot} MiB of it written")
        holder = self.holder("live", mib, hot, writes)
        try:
            def move() -> None:
                found, memory = self.migrate(holder.name, watched=watched)
                holder.home = "hostB"
                self.reports[kind].append(found)
                self.add({f"memory {side}": value for side, value in memory.items()})

            self.add({kind: self.measure(holder, move)})
        finally:
            holder.remove()

    def page_server(self) -> None:
        progress(f"pause: criu with its page server, {self.main} MiB")
        holder = self.holder("plain", self.main, self.hot, HOT_WRITES)
        try:
            with plain_criu.PageServerMove(holder) as move:
                self.add({"page server": self.measure(holder, move.migrate)})
        finally:
            holder.remove()

    # --- the parts ---

    def pause(self, memory: bool) -> None:
        self.ours("pause", self.main, self.hot, HOT_WRITES, watched=memory)

    def growth(self) -> None:
        for kind, mib in (("pause small", self.small), ("pause large", self.large)):
            self.ours(kind, mib, min(self.hot, mib), HOT_WRITES)

    def rewrite(self) -> None:
        self.ours("pause rewritten", self.main, self.main, REWRITTEN)

    def throughput(self) -> None:
        progress(f"throughput: two streams of sendfile, {self.main} MiB")
        self.add({"sendfile": stream(self.main, keep=True), "sendfile into nowhere": stream(self.main, keep=False)})

    def post_copy(self) -> None:
        if not self._has_post_copy():
            self.note("post-copy: this `pod migrate` has none; only CRIU's own was measured")
        else:
            progress(f"post-copy: podkit, {self.main} MiB")
            holder = self.holder("post", self.main, self.main, POST_COPY_WRITES)
            try:
                def move() -> None:
                    start, before = time.monotonic(), int(holder.ask("writes"))
                    found, _ = self.migrate(holder.name, "--strategy", "post-copy")
                    holder.home = "hostB"
                    took = time.monotonic() - start
                    wrote = (int(holder.ask("writes")) - before) / took
                    self.add({"post-copy total": since_freeze(found) or took * 1000, "post-copy writes": wrote})

                self.add({"post-copy pause": self.measure(holder, move)})
            finally:
                holder.remove()
        self._lazy()

    @staticmethod
    def _has_post_copy() -> bool:
        return "post-copy" in lab.pod("hostA", "migrate", "--help")

    def _lazy(self) -> None:
        progress(f"post-copy: criu lazy-pages, {self.main} MiB")
        # in a user namespace of its own CRIU may not open the userfaultfd that it needs
        holder = self.holder("lazy", self.main, self.main, POST_COPY_WRITES, "--userns", "host")
        try:
            with plain_criu.LazyMove(holder) as lazy:
                def move() -> None:
                    start, before = time.monotonic(), int(holder.ask("writes"))
                    lazy.migrate()
                    took = time.monotonic() - start
                    self.add({"lazy total": took * 1000, "lazy writes": (int(holder.ask("writes")) - before) / took})

                self.add({"lazy pause": self.measure(holder, move)})
        except (lab.BenchError, json.JSONDecodeError) as error:  # the baseline's failure is not ours
            self.note(f"criu lazy-pages: {error}")
        finally:
            holder.remove()

    def redis(self) -> None:
        progress(f"redis: {self.redis_mib} MiB of data, SETs while it moves")
        server = Redis(self.redis_mib)
        try:
            self.add(server.slow_down(lambda: self.migrate(server.name)[0]))
        finally:
            server.remove()


def progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def stream(mib: int, keep: bool) -> float:
    """Bytes a second of two sendfiles from a tmpfs, over the hosts' link.

    With `keep` into another file in memory: a round of pages has to be kept there too.
    """
    source, kept = lab.MEMORY / "stream", lab.MEMORY / "kept"
    kept.touch()
    block = os.urandom(CHUNK)
    with source.open("wb") as file:
        for _ in range(mib):
            file.write(block)
    half = (mib << 20) // 2
    with lab.network_of("hostB"):
        listener = socket.create_server((lab.ADDRESSES["hostB"], STREAM_PORT))
    pairs = []
    with listener:
        for _ in range(2):
            with lab.network_of("hostA"):
                sender = socket.create_connection((lab.ADDRESSES["hostB"], STREAM_PORT))
            pairs.append((sender, listener.accept()[0]))

    def send(sender: socket.socket, offset: int) -> None:
        with source.open("rb") as file, sender:
            end = offset + half
            while offset < end:
                offset += os.sendfile(sender.fileno(), file.fileno(), offset, end - offset)

    def receive(receiver: socket.socket, offset: int) -> None:
        buffer = memoryview(bytearray(CHUNK))
        with receiver, kept.open("r+b") as file:
            while got := receiver.recv_into(buffer):
                if keep:
                    offset += os.pwrite(file.fileno(), buffer[:got], offset)

    threads = [threading.Thread(target=send, args=(s, i * half)) for i, (s, _) in enumerate(pairs)]
    threads += [threading.Thread(target=receive, args=(r, i * half)) for i, (_, r) in enumerate(pairs)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - start
    source.unlink()
    kept.unlink()
    return 2 * half / took


class Redis:
    """A Redis pod with data, and a client that sets keys as fast as it may."""

    name, address, image = "bench-redis", "10.77.1.240", "redis"
    VALUE = 400
    BEFORE_S = 3

    def __init__(self, mib: int):
        self._home = "hostA"
        words = ["--user", "redis", "--workdir", "/var/lib/redis", "--", "redis-server", "--bind", "0.0.0.0",
                 "--protected-mode", "no", "--save", ""]
        lab.pod("hostA", "run", "-d", "--name", self.name, "--image", self.image, "--ip", self.address, *words)
        self._keys = (mib << 20) // self.VALUE
        end = time.monotonic() + lab.PATIENCE_S
        while self._ask("ping").strip() != "PONG":
            if time.monotonic() > end:
                raise lab.BenchError("redis does not answer")
            time.sleep(0.1)
        self._benchmark("-n", self._keys).wait()

    @classmethod
    def import_image(cls) -> None:
        built = lab.TESTS / "target/images"
        lab.run(lab.TESTS / "images/build-image.sh", "redis", built)
        lab.pod("hostA", "image", "import", "base", built / "base")
        lab.pod("hostA", "image", "import", cls.image, built / cls.image, "--base", "base")

    def _ask(self, *words: object) -> str:
        asked = lab.on("client", "redis-cli", "-h", self.address, *words)
        return subprocess.run(asked, capture_output=True, text=True, env=lab.ENVIRONMENT, check=False).stdout

    def _benchmark(self, *words: object) -> subprocess.Popen:
        load = ["redis-benchmark", "-h", self.address, "-t", "set", "-r", self._keys, "-d", self.VALUE, "-c", 8, "-P",
                16, "-q", *words]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
        return subprocess.Popen(lab.on("client", *load), env=lab.ENVIRONMENT, **quiet)

    def _served(self) -> tuple[float, int]:
        """When, and how many commands since it started; it answers when it runs."""
        for line in self._ask("info", "stats").splitlines():
            if line.startswith("total_commands_processed:"):
                return time.monotonic(), int(line.split(":")[1])
        raise lab.BenchError("redis does not answer")

    def slow_down(self, migrate: Callable[[], dict]) -> dict[str, float]:
        """In percent: over the whole migration, and over that part of it in which the pod ran."""
        load = self._benchmark("-l")
        try:
            time.sleep(1)
            start, first = self._served()
            time.sleep(self.BEFORE_S)
            begun, before = self._served()
            found = migrate()
            self._home = "hostB"
            ended, after = self._served()
            if load.poll() is not None:
                raise lab.BenchError("redis-benchmark has ended: its connection broke")
        finally:
            load.kill()
            load.wait()
        usual = (before - first) / (begun - start)
        during, frozen = after - before, found.get("frozenMs", 0) / 1000
        percent = lambda seconds: 100 * (1 - during / seconds / usual)
        return {"redis sets/s": usual, "redis whole": percent(ended - begun),
                "redis running": percent(max(ended - begun - frozen, 0.001))}

    def remove(self) -> None:
        lab.pod(self._home, "rm", "-f", self.name)


# --- what comes of it ---

def rounds_of(found: dict) -> list[dict]:
    return (found.get("memory") or {}).get("rounds") or []


def since_freeze(found: dict) -> float:
    """Ms from when the pod first stood still to the end: what was prepared before is not counted for CRIU either."""
    phases = found.get("phases", [])
    still = [i for i, phase in enumerate(phases) if not phase.get("podRuns")]
    return sum(phase.get("ms") or 0 for phase in phases[still[0]:]) if still else 0


def number_in(members: dict, *names: str) -> float | None:
    for name in names:
        if isinstance(members.get(name), (int, float)):
            return members[name]
    return None


def first_round(found: dict) -> float | None:
    """Bytes a second of the first round."""
    rounds = rounds_of(found)
    if not rounds:
        return None
    size = number_in(rounds[0], "bytes", "bytesSent")
    took = number_in(rounds[0], "tookMs", "ms", "took", "durationMs")
    return None if not size or not took else size / took * 1000


def rounded(value: float | None, digits: int = 1) -> float | None:
    return None if value is None else round(value, digits)


def figures_of(bench: Bench, parts: set[str]) -> list[Figure]:
    figures = [Figure("harmed", bench.harmed, "moves", must=0)]
    if "pause" in parts:
        figures += [
            Figure("pause_ratio", rounded(bench.ratio("pause", "page server"), 3), "x", must=1 / 5, aim=1 / 15),
            Figure("pause", rounded(bench.median("pause")), "ms", must=400, aim=120),
        ]
    if "growth" in parts:
        gib = (bench.large - bench.small) / 1024
        grown = (bench.median("pause large") - bench.median("pause small")) / gib
        figures.append(Figure("pause_growth", rounded(grown), "ms/GiB", must=60, aim=20))
    if "rewrite" in parts:
        figures.append(Figure("pause_rewritten", rounded(bench.median("pause rewritten")), "ms", must=1000, aim=300))
    if "throughput" in parts:
        figures.append(Figure("first_round_ratio", rounded(bench.ratio("first round", "sendfile"), 2), "x", must=0.8,
                              aim=1, more_is_better=True))
    if "memory" in parts:
        figures += [
            Figure("extra_memory_source", rounded(bench.median("memory source")), "%", must=5, aim=2),
            Figure("extra_memory_target", rounded(bench.median("memory target")), "%", must=110, aim=103),
        ]
    if "redis" in parts:
        figures.append(Figure("redis_slowdown", rounded(bench.median("redis whole")), "%", must=40, aim=15))
    if "post-copy" in parts:
        figures.append(Figure("post_copy_ratio", rounded(bench.ratio("lazy total", "post-copy total")), "x", must=5,
                              aim=20, more_is_better=True))
    return figures


UNITS = {"lazy writes": ("1/s", 1), "post-copy writes": ("1/s", 1),
         "first round": ("GB/s", 1e9), "sendfile": ("GB/s", 1e9), "sendfile into nowhere": ("GB/s", 1e9),
         "memory source": ("%", 1), "memory target": ("%", 1),
         "redis sets/s": ("1/s", 1), "redis whole": ("%", 1), "redis running": ("%", 1)}


def print_samples(bench: Bench) -> None:
    rows = [["measured", "median", "least", "most", "unit", "times"]]
    for name, values in bench.samples.items():
        unit, scale = UNITS.get(name, ("ms", 1))
        cells = [f"{value / scale:.{2 if scale > 1 else 0}f}" for value in (median(values), min(values), max(values))]
        rows.append([name, *cells, unit, str(len(values))])
    table(rows)


def print_time_line(found: dict) -> None:
    """What one migration was made of."""
    print(f"\none migration, {found.get('strategy', '?')}:")
    at, rows = 0.0, [["phase", "from ms", "took ms", "MiB", "pod"]]
    for phase in found.get("phases", []):
        took, size = phase.get("ms") or 0, phase.get("bytes") or 0
        runs = "runs" if phase.get("podRuns") else "stands still"
        rows.append([str(phase.get("phase")), f"{at:.0f}", f"{took:.1f}", f"{size / 2**20:.1f}", runs])
        at += took
    table(rows)
    rounds = rounds_of(found)
    if rounds:
        names = [name for name in rounds[0] if all(not isinstance(r.get(name), (dict, list)) for r in rounds)]
        print()
        table([names] + [[short(r.get(name)) for name in names] for r in rounds])
    memory = {k: v for k, v in (found.get("memory") or {}).items() if not isinstance(v, (dict, list))}
    if memory:
        print("memory: " + ", ".join(f"{name} {short(value)}" for name, value in memory.items()))


def short(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, float) else "-" if value is None else str(value)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench live", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one object as the last line")
    parser.add_argument("--repeat", type=int, default=3, help="how often everything takes its turn")
    parser.add_argument("--size", type=int, default=1024, metavar="MIB",
                        help="the pod; a quarter and four times as much for its growth. The limits are meant for 1024")
    parser.add_argument("--sizes", metavar="SMALL,MAIN,LARGE", help="the three sizes one by one")
    parser.add_argument("--redis-mib", type=int, default=256, help="data of the Redis")
    parser.add_argument("--only", action="append", choices=PARTS, help="only this part; may be given again")
    parser.add_argument("--skip", action="append", choices=PARTS, default=[], help="without this part")
    words = sys.argv[1:]
    cut = words.index("--") if "--" in words else len(words)
    arguments = parser.parse_args(words[:cut])
    arguments.migrate = words[cut + 1:]
    sizes = arguments.sizes.split(",") if arguments.sizes else [arguments.size // 4, arguments.size, arguments.size * 4]
    arguments.sizes = [max(1, int(mib)) for mib in sizes]
    if len(arguments.sizes) != 3 or not arguments.sizes[0] < arguments.sizes[2]:
        parser.error("--sizes takes three, the first smaller than the last")
    arguments.parts = set(arguments.only or PARTS) - set(arguments.skip)
    return arguments


def run_parts(bench: Bench, parts: set[str], repeat: int) -> None:
    for number in range(repeat):
        progress(f"-- {number + 1} of {repeat}")
        if parts & {"pause", "memory", "throughput"}:
            bench.pause("memory" in parts)
        if "pause" in parts:
            bench.page_server()
        if "throughput" in parts:
            bench.throughput()
        if "growth" in parts:
            bench.growth()
        if "rewrite" in parts:
            bench.rewrite()
        if "redis" in parts:
            bench.redis()
        if "post-copy" in parts and (number == 0 or bench.samples["post-copy total"]):
            bench.post_copy()
    speeds = [speed for found in bench.reports["pause"] if (speed := first_round(found))]
    if speeds:
        bench.samples["first round"] = speeds
    elif "throughput" in parts:
        bench.note("throughput: the reports have no rounds")


def main() -> int:
    arguments = parse()
    bench = Bench(arguments)
    if "redis" in arguments.parts and not (shutil.which("redis-server") and shutil.which("redis-benchmark")):
        raise lab.BenchError("no redis-server and redis-benchmark here: ./dev setup servers, or --skip redis")
    largest = bench.large if "growth" in arguments.parts else bench.main
    lab.touch_memory(3 * largest + 1024)  # source, store, target
    with lab.lab("holder"):
        if "redis" in arguments.parts:
            Redis.import_image()
        run_parts(bench, arguments.parts, arguments.repeat)
    print_samples(bench)
    if bench.reports["pause"]:
        print_time_line(bench.reports["pause"][-1])
    for note in bench.notes:
        print(f"note: {note}")
    return report("live", figures_of(bench, arguments.parts), arguments.json)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the lab is taken down
    try:
        sys.exit(main())
    except lab.BenchError as error:
        sys.exit(f"bench: {error}")
