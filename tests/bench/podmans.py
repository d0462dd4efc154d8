"""A Redis in a podman container of one host of the lab, and the ways in which it gets to the podman of the other.

Each host has a store of its own; their networks are the segment of pods, so that an address means the same on both.
"""
import json
import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import lab

PLACE = lab.DIRECTORY / "podmans"
IMAGE, NAME, PORT = "localhost/bench-redis:1", "bench-redis", 6379
VALUE = 1000
RATE = 200
PATIENCE_S = 120
LIMITS = ["--ulimit", "nofile=20000:20000", "--ulimit", "nproc=32768:32768"]  # root may lack CAP_SYS_RESOURCE


def command(host: str) -> list[str]:
    place = PLACE / host
    words = ["podman", "--root", place / "store", "--runroot", place / "runroot", "--tmpdir", place / "tmp",
             "--cgroup-manager", "cgroupfs", "--runtime", "runc", "--hooks-dir", place / "hooks.d",
             "--network-backend", "cni", "--network-config-dir", place / "cni"]
    return [str(word) for word in words]


def environment() -> dict[str, str]:
    """With the CRIU that works on this kernel first, as runc looks for it."""
    criu = "criu"
    settings = Path("/opt/podkit/criu.env")
    for line in settings.read_text().splitlines() if settings.exists() else []:
        if line.startswith("CRIU="):
            criu = line.removeprefix("CRIU=")
    return lab.ENVIRONMENT | {"PATH": f"{Path(criu).parent}:{os.environ['PATH']}"}


def podman(host: str, *words: object) -> str:
    return lab.run(*lab.on(host, *command(host), *words), env=environment()).strip()


def _network(host: str) -> dict:
    place = PLACE / host
    addresses = {"subnet": "10.77.0.0/16", "rangeStart": "10.77.220.10", "rangeEnd": "10.77.220.99",
                 "gateway": lab.ADDRESSES[host]}
    ipam = {"type": "host-local", "dataDir": str(place / "ipam"), "routes": [{"dst": "0.0.0.0/0"}],
            "ranges": [[addresses]]}
    return {"cniVersion": "0.4.0", "name": "pods", "plugins": [{"type": "bridge", "bridge": "pod0", "ipam": ipam}]}


@contextmanager
def podmans():
    """Both hosts of the lab have one, with the image and Podkit's hook; gone afterwards."""
    built = lab.TESTS / "target/images"
    lab.run(lab.TESTS / "images/build-image.sh", "redis", built)
    try:
        image = PLACE / "image.tar"
        for host in lab.ADDRESSES:
            place = PLACE / host
            (place / "cni").mkdir(parents=True)
            (place / "cni/pods.conflist").write_text(json.dumps(_network(host)))
            settings = lab.DIRECTORY / host / "root/podman.json"
            settings.write_text(json.dumps({"command": command(host)}))
            lab.pod(host, "hook", "install", "--hooks-dir", place / "hooks.d")
            if not image.exists():
                root = PLACE / "root"
                root.mkdir()
                lab.run("cp", "-a", f"{built}/base/.", f"{built}/redis/.", root)
                lab.run("tar", "-cf", image, "-C", root, ".")
            podman(host, "import", image, IMAGE)
        yield
    finally:
        for host in lab.ADDRESSES:
            if (PLACE / host / "store").exists():
                podman(host, "rm", "--all", "--force", "--time", "0")
                subprocess.run(["umount", str(PLACE / host / "store/overlay")], check=False, stderr=subprocess.DEVNULL)
            networks = lab.DIRECTORY / host / "run/netns"
            for network in networks.iterdir() if networks.exists() else []:
                subprocess.run(["umount", str(network)], check=False, stderr=subprocess.DEVNULL)
        shutil.rmtree(PLACE, ignore_errors=True)


class Redis:
    """A container on hostA that holds so many MiB."""

    def __init__(self, mib: int):
        server = ["redis-server", "--save", "", "--protected-mode", "no", "--enable-debug-command", "yes"]
        podman("hostA", "run", "-d", "--name", NAME, "--network", "pods", *LIMITS, IMAGE, *server)
        found = "{{.NetworkSettings.Networks.pods.IPAddress}}"
        self.address = podman("hostA", "inspect", "--format", found, NAME)
        end = time.monotonic() + PATIENCE_S
        while self._ask("ping") != "PONG":
            if time.monotonic() > end:
                raise lab.BenchError("redis does not answer")
            time.sleep(0.1)
        self._keys = (mib << 20) // VALUE
        self._ask("debug", "populate", self._keys, "key", VALUE)
        self.check()

    def _ask(self, *words: object) -> str:
        asked = lab.on("client", "redis-cli", "-h", self.address, *words)
        return subprocess.run(asked, capture_output=True, text=True, env=lab.ENVIRONMENT, check=False).stdout.strip()

    def check(self) -> None:
        """All that it holds is there."""
        if int(self._ask("dbsize") or 0) < self._keys:
            raise lab.BenchError(f"{NAME} has not all of its keys")

    def by_itself(self) -> None:
        """What an administrator does without Podkit; the copy goes from disk to disk."""
        here, there = PLACE / "hostA/moved.tar", PLACE / "hostB/moved.tar"
        kept = ["--tcp-established", "--file-locks"]
        podman("hostA", "container", "checkpoint", "--export", here, "--compress", "none", *kept, NAME)
        shutil.copyfile(here, there)
        podman("hostB", "container", "restore", "--import", there, *kept)
        here.unlink()
        there.unlink()

    def by_podkit(self, *options: str) -> None:
        lab.pod("hostA", "migrate", *options, NAME, lab.ADDRESSES["hostB"])

    def remove(self) -> None:
        for host in lab.ADDRESSES:
            podman(host, "rm", "--all", "--force", "--time", "0")
        for host in lab.ADDRESSES:  # what podman moved by itself calls the hook of the host that it came from
            if NAME in lab.pod(host, "ps", "-a"):
                lab.pod(host, "rm", "-f", NAME)


class Client:
    """A client in the client's network with one connection, each answer checked."""

    def __init__(self, server: Redis):
        words = lab.on("client", lab.TESTS / "target/client", "redis", server.address, PORT, RATE, 1)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._process = subprocess.Popen(words, env=lab.ENVIRONMENT, **pipes)
        if self._process.stdout.readline().strip() != "ready":
            raise lab.BenchError("the client cannot connect")

    def ask(self, what: str) -> dict:
        self._process.stdin.write(what + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


def pause_ms(mib: int, move) -> float:
    """The longest silence for a client while the container moves in that way."""
    server = Redis(mib)
    try:
        client = Client(server)
        try:
            time.sleep(1)
            client.ask("mark")
            move(server)
            pause = 0.0
            end = time.monotonic() + PATIENCE_S
            while True:  # a silence is known when it has ended
                time.sleep(0.5)
                seen = client.ask("mark")
                pause = max(pause, seen["pause_ms"])
                if seen["acked"] > RATE / 4:
                    break
                if time.monotonic() > end:
                    raise lab.BenchError("the moved container does not answer its client")
            verdict = client.ask("stop")
        finally:
            client.kill()
        if verdict["broken"] or verdict["lost"]:
            raise lab.BenchError(f"the move harmed the client: {verdict}")
        server.check()
        return pause
    finally:
        server.remove()
