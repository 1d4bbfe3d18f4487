"""The programs of the interop cases: ours, and the one of grpc-swift-2."""

import os
import pathlib
import queue
import subprocess
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIMEOUT = 120
PROGRAMS = {
    "ours": os.environ.get("INTEROP", str(ROOT / ".build/debug/interop")),
    "grpc-swift-2": os.environ.get(
        "GRPC_SWIFT", str(ROOT / ".build/grpc-swift/debug/grpc-swift-judge")),
}


class Program:
    """A server in a process of its own, which ends when its standard input does."""

    def __init__(self, name):
        self.process = subprocess.Popen(
            [PROGRAMS[name], "server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        lines = queue.Queue()
        threading.Thread(
            target=lambda: lines.put(self.process.stdout.readline()), daemon=True).start()
        line = lines.get(timeout=TIMEOUT)
        assert line.startswith("listening on "), line
        self.address = line.removeprefix("listening on ").strip()
        self.host, _, port = self.address.rpartition(":")
        self.port = int(port)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=TIMEOUT)
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
