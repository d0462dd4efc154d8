#!/usr/bin/env python3
"""many_files.py make|show|wait DIR: one of every kind of file, and everything that can be seen of them."""

import hashlib
import os
import socket
import stat
import struct
import sys
import time

USERS = [(1, -1), (2, 1000), (4, -1), (16, -1), (32, -1)]
ACL = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", tag, 6, who) for tag, who in USERS)


def make(top):
    os.makedirs(top + "/directory/deeper", exist_ok=True)
    os.chmod(top + "/directory", 0o1775)
    with open(top + "/plain", "wb") as f:
        f.write(b"text\n" * 10000)
    os.chown(top + "/plain", 33, 34)
    os.chmod(top + "/plain", 0o4750)
    os.setxattr(top + "/plain", "user.note", b"kept" * 100)
    os.setxattr(top + "/directory", "user.other", b"\0\1")
    if "acl" in sys.argv:
        os.setxattr(top + "/plain", "system.posix_acl_access", ACL)
    os.link(top + "/plain", top + "/directory/linked")
    with open(top + "/holes", "wb") as f:
        f.write(b"a" * 65536)
        f.seek(8 << 20)
        f.write(b"z" * 65536)
        f.truncate(16 << 20)
    os.symlink("../nowhere", top + "/directory/link")
    os.mkfifo(top + "/fifo", 0o640)
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(top + "/socket")
    with open(top + "/" + "n" * 255, "wb"):
        pass
    with open(os.fsencode(top) + b"/\xff\xfe not UTF-8", "wb"):
        pass
    os.utime(top + "/plain", ns=(1, 1234567890123456789))
    os.unlink("/srv/file")  # the layer's: a whiteout
    for base, _, _ in os.walk("/srv"):
        os.chmod(base, 0o711)


def shown(path, links):
    s = os.lstat(path)
    words = [stat.filemode(s.st_mode), s.st_uid, s.st_gid]
    if not stat.S_ISDIR(s.st_mode):  # btrfs counts no directories
        words.append(s.st_nlink)
    if stat.S_ISREG(s.st_mode):
        with open(path, "rb") as f:
            words += [s.st_size, hashlib.sha256(f.read()).hexdigest()[:16]]
        words.append("sparse" if s.st_blocks * 512 < s.st_size / 2 else "dense")
        words.append("group" + str(links.setdefault(s.st_ino, len(links))) if s.st_nlink > 1 else "")
    if stat.S_ISLNK(s.st_mode):
        words.append(os.readlink(path))
    else:
        words += [(n, os.getxattr(path, n)) for n in sorted(os.listxattr(path))]
    if not stat.S_ISSOCK(s.st_mode):
        words.append(s.st_mtime_ns)
    return words


def show(top):
    links = {}
    for base in (os.fsencode(top), b"/srv"):
        for directory, names, files in os.walk(base):
            names.sort()
            for name in sorted(names + files):
                path = os.path.join(directory, name)
                print(path, *shown(path, links))


verb, top = sys.argv[1:3]
if verb == "make":
    make(top)
elif verb == "show":
    show(top)
else:
    print("ready", flush=True)
    while True:
        time.sleep(1)
