"""What pods of one image share, and what of a pod's files travels, and how fast.

The tree is made by a program in the pod (files.c), which goes on changing the same hundred files, or the same one
percent of the blocks of a large file, ten times a second. rsync copies the same tree over the same link, without
encryption and without syncing it to disk; we encrypt, and our target syncs.
"""
import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import lab
from figures import Figure, report, table

PARTS = ("sharing", "tree", "blocks", "start")
BLOCK = 4096
RSYNC_PORT = 8730
STARTS = 7
MAKING_S = 600


def progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def layer_mounts() -> int:
    """How many layers hostA has mounted."""
    listed = lab.run(*lab.on("hostA", "cat", "/proc/self/mounts"), env=lab.ENVIRONMENT)
    return sum(" squashfs " in line and "/layers/" in line for line in listed.splitlines())


def stored_bytes() -> int:
    layers = root_of("hostA") / "layers"
    return sum(path.stat().st_size for path in layers.rglob("*") if path.is_file())


def root_of(host: str) -> Path:
    return lab.DIRECTORY / host / "root"


class FilesPod:
    """A pod whose program keeps a tree."""

    def __init__(self, name: str, address: str, count: int, size: int, hot: int, big: int, hot_blocks: int):
        self.name, self.home = name, "hostA"
        words = ["/files", "/tree", count, size, max(hot, 0), big, hot_blocks]
        lab.pod("hostA", "run", "-d", "--name", name, "--image", "files", "--ip", address, "--", *words)
        end = time.monotonic() + MAKING_S
        while "ready" not in lab.pod("hostA", "logs", name):
            if time.monotonic() > end:
                raise lab.BenchError(f"{name} does not get ready: {lab.pod('hostA', 'logs', name)}")
            time.sleep(0.5)

    def migrate(self, *options: str) -> dict:
        found = lab.report_of(lab.pod("hostA", "migrate", self.name, lab.ADDRESSES["hostB"], "-o", "json", *options))
        self.home = "hostB"
        return found

    def upper(self) -> Path:
        """Where its own files lie on its host."""
        return next(root_of(self.home).glob(f"**/{self.name}/upper"))

    def remove(self) -> None:
        lab.pod(self.home, "rm", "-f", self.name)


def sharing() -> list[Figure]:
    """Two pods of one image on a host, then on another."""
    first = FilesPod("one", "10.77.1.21", 100, 1, 0, 0, 0)
    try:
        bytes_before, mounts_before = stored_bytes(), layer_mounts()
        second = FilesPod("two", "10.77.1.22", 100, 1, 0, 0, 0)
        try:
            more_bytes, more_mounts = stored_bytes() - bytes_before, layer_mounts() - mounts_before
            sent_first = first.migrate()["layerBytes"]
            sent = second.migrate()["layerBytes"]
        finally:
            second.remove()
    finally:
        first.remove()
    progress(f"the first move sent {sent_first} bytes of layers")
    if mounts_before < 1 or sent_first < 1:
        raise lab.BenchError("nothing was mounted, or no layer sent: there is nothing to compare with")
    return [
        Figure("second_pod_bytes", more_bytes, "bytes", must=0),
        Figure("second_pod_mounts", more_mounts, "mounts", must=0),
        Figure("layer_bytes_sent", sent, "bytes", must=0),
    ]


def tree(count: int, mib: int, repeat: int) -> list[Figure]:
    lab.touch_memory(3 * mib + 1024)  # the files of the pod, rsync's and ours
    frozen, ours, theirs = [], [], []
    for number in range(repeat):
        progress(f"tree: {count} files, {mib} MiB, {number + 1} of {repeat}")
        pod = FilesPod("tree", "10.77.1.23", count, (mib << 20) // count, 100, BLOCK, 0)
        copy = lab.DIRECTORY / "rsync"
        try:
            theirs.append(rsync(pod.upper(), copy))
            # The copy stays: for a minute after a removal ext4 passes over each inode that it has freed, so that whoever
            # makes files next pays for whoever removed some.
            found = pod.migrate()
        finally:
            pod.remove()
            shutil.rmtree(copy, ignore_errors=True)
        passes = found["filePasses"]
        print_passes(passes)
        ours.append(passes[0]["ms"] / 1000)
        frozen.append(sum(each["ms"] for each in passes if not each["podRan"]))
    progress(f"first pass {median(ours):.2f} s, rsync {median(theirs):.2f} s")
    return [
        Figure("frozen_on_files", round(median(frozen), 1), "ms", must=50),
        Figure("first_pass_ratio", round(median(theirs) / median(ours), 2), "x", must=1.5, more_is_better=True),
    ]


def rsync(directory: Path, into: Path) -> float:
    """Seconds that rsync takes to copy a tree from hostA to a new directory of hostB, which the caller removes."""
    into.mkdir()
    config = lab.DIRECTORY / "rsyncd.conf"
    config.write_text(f"uid = root\ngid = root\nuse chroot = no\nreverse lookup = no\n"
                      f"[tree]\npath = {into}\nread only = no\n")
    server = subprocess.Popen(
        lab.on("hostB", "rsync", "--daemon", "--no-detach", f"--port={RSYNC_PORT}", f"--config={config}"),
        env=lab.ENVIRONMENT)
    try:
        time.sleep(1)
        start = time.monotonic()
        done = subprocess.run(
            lab.on("hostA", "rsync", "-aHAXS", f"{directory}/",
                   f"rsync://{lab.ADDRESSES['hostB']}:{RSYNC_PORT}/tree/"),
            env=lab.ENVIRONMENT, capture_output=True, text=True)
        took = time.monotonic() - start
        if done.returncode not in (0, 23, 24):  # files that changed or vanished meanwhile
            raise lab.BenchError(f"rsync: {done.stderr}")
        return took
    finally:
        server.terminate()
        server.wait()
        config.unlink()


def blocks(mib: int, repeat: int) -> list[Figure]:
    shares = []
    for number in range(repeat):
        progress(f"blocks: a file of {mib} MiB, {number + 1} of {repeat}")
        size = mib << 20
        pod = FilesPod("blocks", "10.77.1.24", 100, 1, 0, size, size // BLOCK // 100)
        try:
            found = pod.migrate()
        finally:
            pod.remove()
        print_passes(found["filePasses"])
        last = sum(each["bytes"] for each in found["filePasses"] if not each["podRan"])
        if last < size // 200:
            raise lab.BenchError(f"only {last} bytes were sent in the last pass: nothing had changed")
        shares.append(100 * last / size)
    return [Figure("last_pass_share", round(median(shares), 2), "%", must=2)]


def start(repeat: int) -> list[Figure]:
    """A pod of an imported image beside a container on its root directory, nothing of either in the page cache."""
    image = lab.MEMORY / "images" / "files"
    disk = lab.DIRECTORY / "rootfs"
    shutil.copytree(image, disk)
    lab.pod("hostA", "image", "import", "start", disk)
    words = ["/files"]  # ends at once with its usage
    ours, theirs, warm_ours, warm_theirs = [], [], [], []
    storage = ["--root", lab.DIRECTORY / "podman", "--runroot", lab.DIRECTORY / "podman-run", "--storage-driver", "vfs",
               "--cgroup-manager", "cgroupfs"]
    try:
        for _ in range(repeat):
            for cold, mine, other in ((True, ours, theirs), (False, warm_ours, warm_theirs)):
                mine.append(timed(cold, lab.on("hostA", "pod", "run", "--rm", "--name", "start", "--image", "start", "--", *words)))
                other.append(timed(cold, ["podman", *map(str, storage), "run", "--rm", "--network", "none", "--rootfs",
                                          str(disk), *words]))
    finally:
        lab.pod("hostA", "image", "rm", "start")
        shutil.rmtree(disk)
    progress(f"cold: pod run {median(ours):.2f} s, podman {median(theirs):.2f} s; "
             f"warm: {median(warm_ours):.2f} s, {median(warm_theirs):.2f} s")
    return [Figure("run_ratio_cold", round(median(ours) / median(theirs), 2), "x", must=1.2),
            Figure("run_ratio_warm", round(median(warm_ours) / median(warm_theirs), 2), "x")]


def timed(cold: bool, words: list) -> float:
    os.sync()
    if cold:
        Path("/proc/sys/vm/drop_caches").write_text("3\n")
    begin = time.monotonic()
    done = subprocess.run([str(word) for word in words], env=lab.ENVIRONMENT, capture_output=True, text=True)
    took = time.monotonic() - begin
    if done.returncode != 2:  # the program's own
        raise lab.BenchError(f"{words}: exit status {done.returncode}\n{done.stderr}")
    return took


def print_passes(passes: list[dict]) -> None:
    names = ["pass", "podRan", "searched", "scanned", "changed", "deleted", "bytes", "ms"]
    table([names] + [[str(each[name]) for name in names] for each in passes])


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench fs", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one object as the last line")
    parser.add_argument("--repeat", type=int, default=1, help="how often everything takes its turn")
    parser.add_argument("--files", type=int, default=100_000, help="of the tree; the limits are meant for 100000")
    parser.add_argument("--size", type=int, default=2048, metavar="MIB", help="of the tree; meant for 2048")
    parser.add_argument("--big", type=int, default=1024, metavar="MIB", help="the large file; meant for 1024")
    parser.add_argument("--only", action="append", choices=PARTS, help="only this part; may be given again")
    return parser.parse_args()


def main() -> int:
    arguments = parse()
    parts = arguments.only or PARTS
    figures = []
    with lab.lab("files"):
        if "sharing" in parts:
            figures += sharing()
        if "tree" in parts:
            figures += tree(arguments.files, arguments.size, arguments.repeat)
        if "blocks" in parts:
            figures += blocks(arguments.big, arguments.repeat)
        if "start" in parts:
            figures += start(max(STARTS, arguments.repeat))
    return report("fs", figures, arguments.json)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except lab.BenchError as error:
        sys.exit(f"bench: {error}")
