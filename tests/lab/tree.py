#!/usr/bin/env python3
"""tree.py DIRECTORY [LEFT]...: one line for each entry of a tree, to compare two of them.

Path, type, mode, owner, time to the second, names of the same inode, extended attributes, and what it holds. Entries LEFT
and all beneath them are left out, and so is what other filesystems show in the tree. Of directories that hold something
LEFT the time is left out, too: who made that changed it.
"""
import errno
import hashlib
import os
import stat
import sys


def entries(root, left):
    device = os.lstat(root).st_dev
    for path, directories, files in os.walk(root):
        directories[:] = [d for d in directories
                          if os.path.relpath(os.path.join(path, d), root) not in left
                          and os.lstat(os.path.join(path, d)).st_dev == device]
        for name in directories + files:
            whole = os.path.join(path, name)
            relative = os.path.relpath(whole, root)
            if relative not in left and os.lstat(whole).st_dev == device:
                yield relative, whole


def content(path, status):
    if stat.S_ISLNK(status.st_mode):
        return "-> " + os.readlink(path)
    if stat.S_ISREG(status.st_mode):
        with open(path, "rb") as file:
            return f"{status.st_size} {hashlib.sha256(file.read()).hexdigest()}"
    if stat.S_ISCHR(status.st_mode) or stat.S_ISBLK(status.st_mode):
        return f"{os.major(status.st_rdev)}:{os.minor(status.st_rdev)}"
    return ""


def attributes(path):
    try:
        names = sorted(os.listxattr(path, follow_symlinks=False))
    except OSError as error:
        if error.errno != errno.EOPNOTSUPP:
            raise
        names = []  # of a link in a layer
    return ",".join(f"{n}={os.getxattr(path, n, follow_symlinks=False).hex()}" for n in names)


def main(root, *left):
    changed = {os.path.dirname(entry) for entry in left}
    groups, lines = {}, {}
    for relative, path in entries(root, set(left)):
        status = os.lstat(path)
        time = "-" if relative in changed else int(status.st_mtime)
        lines[relative] = (f"{stat.filemode(status.st_mode)} {status.st_uid}:{status.st_gid} {time} "
                           f"{attributes(path)} {content(path, status)}")
        if not stat.S_ISDIR(status.st_mode) and status.st_nlink > 1:
            groups.setdefault(status.st_ino, []).append(relative)
    for names in groups.values():
        for name in names:
            lines[name] += " = " + " ".join(sorted(names))
    sys.stdout.reconfigure(errors="surrogateescape")
    for relative in sorted(lines):
        print(relative, lines[relative])


main(*sys.argv[1:])
