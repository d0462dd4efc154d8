#!/usr/bin/python3
"""Adds up the numbers that come as lines, for each connection by itself; a thread for each.

Beside them threads keep busy with objects, locks and files, and end the server if one finds its own state wrong.
"""
import hashlib
import os
import socketserver
import tempfile
import threading
import time


class Adder(socketserver.StreamRequestHandler):
    def handle(self):
        total = 0
        for line in self.rfile:
            total += int(line)
            self.wfile.write(b"%d\n" % total)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64


def fail(what):
    print("FAIL", what, flush=True)
    os._exit(1)


def churn(lock, ledger, number):
    state = hashlib.sha256()
    mirror = hashlib.sha256()
    with tempfile.TemporaryFile() as file:
        for n in range(10**9):
            text = b"%d:%d" % (number, n)
            state.update(text)
            mirror.update(text)
            file.seek(0)
            file.write(text)
            file.seek(0)
            if file.read(len(text)) != text:
                fail("file")
            if state.digest() != mirror.digest():
                fail("digest")
            with lock:
                ledger[number] = n
                if sorted(ledger) != list(range(len(ledger))):
                    fail("ledger")
            time.sleep(0.005)


lock = threading.Lock()
ledger = {i: 0 for i in range(4)}
for i in ledger:
    threading.Thread(target=churn, args=(lock, ledger, i), daemon=True).start()
print("ready", flush=True)
Server(("0.0.0.0", 7070), Adder).serve_forever()
