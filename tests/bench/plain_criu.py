"""What a user of the bare criu program does to move a pod, in three ways.

Move: dump to a tmpfs, tar over the same link, restore. PageServerMove: the memory goes through CRIU's page server into
a tmpfs of the target, the rest by tar. LazyMove: the pod runs on the target at once and gets its pages when it asks.

The pod is started by podkit and has the same namespaces. CRIU carries the network namespace itself (addresses, routes,
firewall rules, through the programs ip, iptables and nft) and locks the connections with its own firewall rules. As in
any user namespace the device nodes cannot be carried, so /dev and /dev/shm are declared external, as podkit does.
Everything that can be prepared while the pod runs is prepared before the clock starts: the layer is on the target, the
directories exist, the receiver listens.
"""
import os
import shutil
import signal
import socket
import stat
import subprocess
import time
from pathlib import Path

import lab

PORT = 7600
PAGES_PORT = 7601
PATIENCE_S = 300
DEVICES = {"null": 3, "zero": 5, "full": 7, "random": 8, "urandom": 9}
COMMON = ["--tcp-established", "--manage-cgroups=ignore", "--ext-mount-map", "auto", "--file-locks", "--link-remap"]


def criu() -> str:
    record = Path("/opt/podkit/criu.env")
    known = dict(line.split("=", 1) for line in record.read_text().splitlines()) if record.exists() else {}
    return os.environ.get("PODKIT_CRIU") or known.get("CRIU", "criu")


def covered(pid: int) -> list[str]:
    """What podkit covers in the pod's /proc: left to find these by itself, CRIU would write paths of this host."""
    mounts = [line.split() for line in Path(f"/proc/{pid}/mountinfo").read_text().splitlines()]
    return [point for _, _, _, root, point, *_ in mounts if root == "/null" and point.startswith("/proc/")]


class Move:
    """One move of a holder from hostA to hostB. Use as a context manager: what it made is gone afterwards."""

    def __init__(self, holder: lab.Holder):
        self._holder = holder
        self._images = lab.MEMORY / "plain/images"
        self._there = lab.MEMORY / "plain/there"
        self._pid_file = self._there / "pid"

    def __enter__(self) -> "Move":
        facts = self._holder.inspect()
        self._pid = facts["pid"]
        self._covered = covered(self._pid)
        self._upper = lab.DIRECTORY / "hostA/root/pods" / self._holder.name / "upper"
        for directory in ("images", "upper", "work", "root", "dev/pts", "dev/shm", "dev/mqueue", "shm"):
            (self._there / directory).mkdir(parents=True)
        self._images.mkdir(parents=True)
        for link, target in {"ptmx": "pts/ptmx", "fd": "/proc/self/fd"}.items():
            (self._there / "dev" / link).symlink_to(target)
        for name, minor in DEVICES.items():
            device = self._there / "dev" / name
            os.mknod(device, stat.S_IFCHR, os.makedev(1, minor))
            device.chmod(0o666)
        # CRIU would make the cable itself, but cannot do so in a user namespace
        lab.run(*self._in("hostB"), "sh", "-ec", "ip link add plain0 type veth peer name plain1;"
                " ip link set plain0 master pod0 up")
        with lab.network_of("hostB"):
            self._listener = socket.create_server((lab.ADDRESSES["hostB"], PORT))
        return self

    def migrate(self) -> None:
        """Raises BenchError, with CRIU's own lines, if CRIU fails."""
        covers = [word for path in self._covered for word in ("--external", f"mnt[{path}]:{path}")]
        self._dump("--tree", self._pid, "--external", "mnt[/dev]:dev", "--external", "mnt[/dev/shm]:shm", *covers)
        self._copy()
        self._before_restore()
        lower = lab.image_of(self._holder.program)
        layers = f"lowerdir={lower},upperdir={self._there}/upper,workdir={self._there}/work"
        lab.run("mount", "-t", "overlay", "overlay", "-o", layers, self._there / "root")
        covers = [word for path in self._covered for word in ("--external", f"mnt[{path}]:{self._there}/dev/null")]
        self._criu("restore", "hostB", self._there / "images", "--restore-detached", "--pidfile", self._pid_file,
                   "--root", self._there / "root", "--external", f"mnt[dev]:{self._there}/dev",
                   "--external", f"mnt[shm]:{self._there}/shm",
                   "--external", "netdev[eth0]:plain1", *covers, *self._restore_options)

    _restore_options: list[str] = []

    def _dump(self, *options: object) -> None:
        self._criu("dump", "hostA", self._images, *options)

    def _before_restore(self) -> None:
        pass

    @staticmethod
    def _in(host: str) -> list[str]:
        return ["nsenter", f"--net={lab.DIRECTORY}/net/{host}"]

    def _words(self, verb: str, host: str, images: Path, *options: object) -> list[str]:
        words = [*self._in(host), criu(), verb, "--images-dir", images, "--log-file", f"{verb}.log", *options]
        return [str(word) for word in words]

    def _criu(self, verb: str, host: str, images: Path, *options: object) -> None:
        log = images / f"{verb}.log"
        try:
            lab.run(*self._words(verb, host, images, *COMMON, *options))
        except lab.BenchError as error:
            lines = log.read_text(errors="replace").splitlines() if log.exists() else [str(error)]
            wrong = [line for line in lines if "Error (" in line and "RLIMIT_NOFILE" not in line]
            raise lab.BenchError(f"plain criu {verb} failed:\n" + "\n".join(wrong or lines[-5:])) from error

    def _copy(self) -> None:
        """The images and the pod's own files, straight between the two tars and the socket."""
        with lab.network_of("hostA"):
            sender = socket.create_connection((lab.ADDRESSES["hostB"], PORT))
        receiver, _ = self._listener.accept()
        with sender, receiver:
            unpack = subprocess.Popen(["tar", "-xpf", "-", "-C", self._there, "--xattrs", "--xattrs-include=*"],
                                      stdin=receiver)
            pack = ["tar", "-cf", "-", "--xattrs", "--xattrs-include=*", "-C", self._images.parent, "images",
                    "-C", self._upper.parent, "upper"]
            packed = subprocess.run(pack, stdout=sender, check=False).returncode
            sender.shutdown(socket.SHUT_WR)
            if unpack.wait() != 0 or packed != 0:
                raise lab.BenchError("tar failed")

    def __exit__(self, *_) -> None:
        self._listener.close()
        self._kill()
        quietly = {"stderr": subprocess.DEVNULL, "check": False}
        subprocess.run([*self._in("hostB"), "ip", "link", "del", "plain0"], **quietly)
        subprocess.run(["umount", "-l", self._there / "root"], **quietly)
        shutil.rmtree(self._images.parent, ignore_errors=True)

    def _kill(self) -> None:
        """The restored pod: with its pid 1 all of it goes."""
        if not self._pid_file.exists():
            return
        pid = int(self._pid_file.read_text())
        try:
            end = os.pidfd_open(pid)
            signal.pidfd_send_signal(end, signal.SIGKILL)
        except ProcessLookupError:
            return
        os.close(end)
        while Path(f"/proc/{pid}/root").exists():
            time.sleep(0.01)


def _await(what: str, holds) -> None:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > end:
            raise lab.BenchError(f"{what} did not come")
        time.sleep(0.002)


def _listens(process: subprocess.Popen, port: int) -> bool:
    """Asked of the kernel: whoever connects is taken for the one client."""
    if process.poll() is not None:
        raise lab.BenchError(f"{process.args} has ended with exit status {process.returncode}")
    lines = [line.split() for line in Path(f"/proc/{process.pid}/net/tcp").read_text().splitlines()[1:]]
    return any(line[1].endswith(f":{port:04X}") and line[3] == "0A" for line in lines)


def _end(process: subprocess.Popen | None) -> None:
    if process and process.poll() is None:
        process.kill()
        process.wait()


class PageServerMove(Move):
    """Stop-and-copy with the memory through CRIU's page server."""

    _server: subprocess.Popen | None = None

    def __enter__(self) -> "PageServerMove":
        super().__enter__()
        words = self._words("page-server", "hostB", self._there / "images", *self._address("hostB"))
        self._server = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        _await("the page server", lambda: _listens(self._server, PAGES_PORT))
        return self

    @staticmethod
    def _address(host: str) -> list[str]:
        return ["--address", lab.ADDRESSES[host], "--port", str(PAGES_PORT)]

    def _dump(self, *options: object) -> None:
        super()._dump(*options, "--page-server", *self._address("hostB"))

    def _before_restore(self) -> None:
        if self._server.wait(PATIENCE_S) != 0:
            raise lab.BenchError("the page server failed")

    def __exit__(self, *error) -> None:
        _end(self._server)
        super().__exit__(*error)


class LazyMove(Move):
    """CRIU's post-copy over the network. `migrate` returns when every page has come."""

    _restore_options = ["--lazy-pages"]
    _source: subprocess.Popen | None = None
    _pages: subprocess.Popen | None = None

    def migrate(self) -> None:
        super().migrate()
        if self._pages.wait(PATIENCE_S) != 0:
            raise lab.BenchError("criu lazy-pages failed: " + self._last("hostB"))
        if self._source.wait(PATIENCE_S) != 0:
            raise lab.BenchError("criu dump --lazy-pages failed: " + self._last("hostA"))

    def _last(self, host: str) -> str:
        log = self._images / "dump.log" if host == "hostA" else self._there / "images/lazy-pages.log"
        return log.read_text(errors="replace")[-400:]

    def _dump(self, *options: object) -> None:
        ready, told = os.pipe()
        words = self._words("dump", "hostA", self._images, *COMMON, *options, "--lazy-pages", "--status-fd", told,
                            *PageServerMove._address("hostA"))
        environment = os.environ | {"LD_PRELOAD": str(lab.TESTS / "target/pipeshim.so")}
        self._source = subprocess.Popen(words, pass_fds=[told], env=environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL)
        os.close(told)
        with os.fdopen(ready, "rb") as status:
            if not status.read(1):
                raise lab.BenchError("criu dump --lazy-pages failed: " + self._last("hostA"))

    def _before_restore(self) -> None:
        images = self._there / "images"
        words = self._words("lazy-pages", "hostB", images, "--page-server", *PageServerMove._address("hostA"))
        self._pages = subprocess.Popen(words, cwd=images, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        _await("the socket of criu lazy-pages", (images / "lazy-pages.socket").exists)

    def __exit__(self, *error) -> None:
        super().__exit__(*error)
        _end(self._pages)
        _end(self._source)
