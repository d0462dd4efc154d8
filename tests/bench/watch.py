"""How much memory a migration takes on both hosts, seen from outside, every few milliseconds.

A process counts with its anonymous memory and its memfds and shared memory, mapped or not; files of a program and of
the page cache do not count. What is stored in a tmpfs of a host counts there.
"""
import hashlib
import os
import threading
import time
from pathlib import Path

import lab

INTERVAL_S = 0.02


def process_bytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0  # it has just ended
    kib = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.startswith("Rss")}
    return (kib.get("RssAnon", 0) << 10) + max(kib.get("RssShmem", 0) << 10, _memfd_bytes(pid))


def _memfd_bytes(pid: int) -> int:
    inodes = {}
    try:
        for fd in os.scandir(f"/proc/{pid}/fd"):
            if os.readlink(fd.path).startswith("/memfd:"):
                found = os.stat(fd.path)
                inodes[found.st_ino] = found.st_blocks * 512
    except OSError:
        pass
    return sum(inodes.values())


def tree_of(pid: int) -> set[int]:
    """The process and all that descend from it."""
    found, open_ends = set(), [pid]
    while open_ends:
        one = open_ends.pop()
        found.add(one)
        try:
            for task in os.listdir(f"/proc/{one}/task"):
                open_ends += map(int, Path(f"/proc/{one}/task/{task}/children").read_text().split())
        except OSError:
            continue
    return found


def pod_processes(host: str) -> set[int]:
    """Everyone in a control group of the host's pods."""
    mark = hashlib.sha256(str(lab.DIRECTORY / host / "run").encode()).hexdigest()[:8]
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    for top in (words[1] for words in mounts if words[2] in ("cgroup", "cgroup2")):
        group = Path(top) / "podkit" / mark
        if group.is_dir():
            texts = []
            for file in group.rglob("cgroup.procs"):
                try:
                    texts.append(file.read_text())
                except OSError:
                    continue
            return {int(word) for text in texts for word in text.split()} - {0}
    return set()


def tmpfs_bytes(host: str) -> int:
    """What is stored in every tmpfs below the host's directories."""
    place, total, seen = str(lab.DIRECTORY / host) + "/", 0, set()
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        words = line.split()
        if words[4].startswith(place) and " - tmpfs " in line and words[2] not in seen:
            seen.add(words[2])
            try:
                found = os.statvfs(words[4])
            except OSError:
                continue
            total += (found.f_blocks - found.f_bfree) * found.f_frsize
    return total


class Watch:
    """Looks at one migration from hostA to hostB. `command` is the pid of `pod migrate`."""

    def __init__(self, command: int):
        self._command = command
        self._agent = int((lab.DIRECTORY / "hostB/agent.pid").read_text().split()[0])
        self.pod = sum(map(process_bytes, pod_processes("hostA")))
        self._there_before = self._there()
        self._tmpfs_before = tmpfs_bytes("hostA")
        self._source: list[tuple[float, int]] = []
        self._peak_there = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _there(self) -> int:
        return sum(map(process_bytes, tree_of(self._agent) | pod_processes("hostB"))) + tmpfs_bytes("hostB")

    def _look(self) -> None:
        while not self._over.wait(INTERVAL_S):
            here = sum(map(process_bytes, tree_of(self._command) - pod_processes("hostA"))) + tmpfs_bytes("hostA")
            self._source.append((time.monotonic(), here - self._tmpfs_before))
            self._peak_there = max(self._peak_there, self._there() - self._there_before)

    def end(self, report: dict) -> dict[str, float]:
        """Peaks in percent of the pod's size. The source's counts from what the command had after the preflight: the
        report's phases, counted back from now, say when that was."""
        now = time.monotonic()
        self._over.set()
        self._thread.join()
        phases = {p.get("phase"): p.get("ms", 0) for p in report.get("phases", [])}
        begun = now - (report.get("totalMs", 0) - phases.get("preflight", 0)) / 1000
        after = [bytes_ for at, bytes_ in self._source if at >= begun] or [0]
        return {"source": 100 * (max(after) - after[0]) / self.pod, "target": 100 * self._peak_there / self.pod}
