"""The two-host lab of tests/lab for benchmarks, with pods of a chosen size and a client that stays connected."""
import ctypes
import json
import mmap
import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
DIRECTORY = Path(os.environ.get("PODKIT_LAB_DIR", "/var/lib/podkit-bench"))  # runs at the same time need two
MEMORY = Path("/dev/shm") / DIRECTORY.name  # a tmpfs everywhere
ADDRESSES = {"hostA": "10.77.0.11", "hostB": "10.77.0.12"}
HOLDER_PORT = 7070
PING_RATE = 500  # a second: a pause is known to 2 ms
PATIENCE_S = 60
CLONE_NEWNET = 0x40000000
MADV_POPULATE_WRITE = 23

ENVIRONMENT = os.environ | {"PODKIT_LAB_DIR": str(DIRECTORY)}
_libc = ctypes.CDLL(None, use_errno=True)


class BenchError(Exception):
    """A benchmark cannot go on; the message says why."""


def run(*words: object, **options) -> str:
    """Runs a command that must succeed; returns what it printed."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise BenchError(f"{' '.join(map(str, words))}: exit status {done.returncode}\n{done.stderr.strip()}")
    return done.stdout


def on(host: str, *words: object) -> list[str]:
    """The command that runs `words` on a host of the lab, or in the client's network."""
    return [str(TESTS / "lab/lab.sh"), "exec", host, "--", *map(str, words)]


def pod(host: str, *words: object) -> str:
    return run(*on(host, "pod", *words), env=ENVIRONMENT)


def report_of(text: str) -> dict:
    """The report of `pod migrate -o json`: all that it prints, or the last line after those of its events."""
    text = text.strip()
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        try:
            return json.loads(text.splitlines()[-1])
        except (json.JSONDecodeError, IndexError):
            raise BenchError(f"pod migrate -o json printed no report: {text[-200:]}") from None


@contextmanager
def lab(*programs: str):
    """The lab with an image of each program's name on hostA; gone afterwards, whatever happens."""
    down = [TESTS / "lab/lab.sh", "down"]
    try:
        run(TESTS / "lab/lab.sh", "up", env=ENVIRONMENT)
        MEMORY.mkdir(mode=0o700, exist_ok=True)
        for program in programs:
            pod("hostA", "image", "import", program, image_of(program))
        yield
    finally:
        run(*down, env=ENVIRONMENT)
        shutil.rmtree(MEMORY, ignore_errors=True)


def image_of(program: str) -> Path:
    """The directory that is the image of a static program of tests/target."""
    image = MEMORY / "images" / program
    for name in ("dev", "proc", "sys", "tmp", "etc"):
        (image / name).mkdir(parents=True, exist_ok=True)
    (image / "etc/passwd").write_text("root:x:0:0::/:/bin/sh\n")
    (image / "tmp").chmod(0o1777)
    shutil.copy(TESTS / "target" / program, image)
    return image


@contextmanager
def network_of(host: str):
    """Sockets made inside belong to that host for good."""
    with open("/proc/self/ns/net") as home, open(DIRECTORY / "net" / host) as there:
        _enter(there.fileno())
        try:
            yield
        finally:
            _enter(home.fileno())


def _enter(namespace: int) -> None:
    if _libc.setns(namespace, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def touch_memory(mib: int) -> None:
    """Has the hypervisor provide memory now: a page's first touch is ten times dearer than any later one."""
    with open("/proc/meminfo") as file:
        available = next(int(line.split()[1]) // 1024 for line in file if line.startswith("MemAvailable"))
    with mmap.mmap(-1, min(mib, available * 3 // 4) << 20) as memory:
        memory.madvise(MADV_POPULATE_WRITE)


class Holder:
    """A pod of a chosen size on hostA; tests/bench/holder.c says what it does."""

    program = "holder"

    def __init__(self, name: str, mib: int, address: str, hot_mib: int = 0, writes: int = 0, *options: str):
        self.name, self.address, self.home = name, address, "hostA"
        words = ["/holder", mib, *([hot_mib, writes] if writes else [])]
        place = ["--name", name, "--image", self.program, "--ip", address]
        pod("hostA", "run", "-d", *place, *options, "--", *words)

    def inspect(self) -> dict:
        found = json.loads(pod(self.home, "inspect", self.name, "-o", "json"))
        return found[0] if isinstance(found, list) else found

    def ask(self, what: str) -> str:
        """Its answer, as soon as it serves."""
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                with network_of("client"):
                    connection = socket.create_connection((self.address, HOLDER_PORT), timeout=PATIENCE_S)
                break
            except OSError as error:
                if time.monotonic() > end:
                    raise BenchError(f"{self.name} does not answer: {error}") from error
                time.sleep(0.05)
        with connection, connection.makefile("rw") as stream:
            stream.write(what + "\n")
            stream.flush()
            return stream.readline().strip()

    def longest_gap_ms(self) -> float:
        """The longest time it did not run since it was last asked."""
        return int(self.ask("gap")) / 1000

    def remove(self) -> None:
        pod(self.home, "rm", "-f", self.name)


class Client:
    """A client in the client's network that pings a holder over one connection."""

    def __init__(self, holder: Holder, rate: int = PING_RATE):
        words = on("client", TESTS / "target/client", "sum", holder.address, HOLDER_PORT, rate)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._process = subprocess.Popen(words, env=ENVIRONMENT, **pipes)
        if self._process.stdout.readline().strip() != "ready":
            raise BenchError("the client cannot connect")

    def mark(self) -> dict:
        """Its figures since the last mark."""
        return self._ask("mark")

    def stop(self) -> dict:
        """Its figures over all; afterwards it is gone."""
        verdict = self._ask("stop")
        self._process.wait(PATIENCE_S)
        return verdict

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def _ask(self, what: str) -> dict:
        self._process.stdin.write(what + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())
