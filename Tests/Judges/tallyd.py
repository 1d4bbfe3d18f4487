"""Starts and stops the server under test."""

import os
import pathlib
import queue
import signal
import subprocess
import threading
import time

import grpc

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("TALLYD", str(ROOT / ".build/release/tallyd"))
# How many times slower, and larger in memory, a server with a sanitizer may be.
SLOWNESS = int(os.environ.get("TALLY_SLOWNESS", 1))
TIMEOUT = 60 * SLOWNESS


def start(data, listen="127.0.0.1:0", *options, environment=None):
    """Starts tallyd without waiting for anything, in this environment or that of the tests."""
    return subprocess.Popen(
        [PROGRAM, "--data", str(data), "--listen", listen, *options], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


class Tallyd:
    """A running tallyd on a free port; leaving the `with` stops it."""

    def __init__(self, data, *options, credentials=None, environment=None):
        self.data = pathlib.Path(data)
        self.credentials = credentials
        self.process = start(data, "127.0.0.1:0", *options, environment=environment)
        self.log = []
        self._readers = [
            threading.Thread(target=self.log.extend, args=(self.process.stderr,), daemon=True)]
        lines = queue.Queue()

        def read():
            for line in self.process.stdout:
                lines.put(line)
            lines.put(None)

        self._readers.append(threading.Thread(target=read, daemon=True))
        for reader in self._readers:
            reader.start()
        try:
            ready = lines.get(timeout=TIMEOUT)
        except queue.Empty:
            ready = None
        if ready is None or not ready.startswith("listening on "):
            self.process.kill()
            self.process.wait()
            for reader in self._readers:
                reader.join(timeout=TIMEOUT)
            raise AssertionError(f"tallyd said {ready!r}, and in its log: {''.join(self.log)}")
        self.address = ready.removeprefix("listening on ").strip()
        host, _, port = self.address.rpartition(":")
        self.host, self.port = host, int(port)
        self.channel = self.connect()

    def connect(self, credentials=None, **options):
        """A connection of its own, by TLS if the server's own or these credentials say so."""
        arguments = [("grpc.use_local_subchannel_pool", 1), ("grpc.max_receive_message_length", -1)]
        arguments += options.items()
        credentials = credentials or self.credentials
        if credentials:
            return grpc.secure_channel(self.address, credentials, options=arguments)
        return grpc.insecure_channel(self.address, options=arguments)

    def status(self, **request):
        from tally.v1 import admin_pb2, admin_pb2_grpc

        stub = admin_pb2_grpc.AdminServiceStub(self.channel)
        return stub.Status(admin_pb2.StatusRequest(**request), timeout=TIMEOUT)

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def stop(self):
        """Stops the server and tells its exit code."""
        self.channel.close()
        if self.process.poll() is None:
            self.terminate()
        try:
            code = self.process.wait(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        for reader in self._readers:
            reader.join(timeout=TIMEOUT)
        self.process.stdout.close()
        self.process.stderr.close()
        return code

    def memory(self):
        """Anonymous memory in bytes: what the server itself holds, without the mapped store."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("RssAnon:"))
        return int(line.split()[1]) * 1024

    def unlinked(self):
        """Bytes of files that the server holds open and nobody sees: the spool."""
        total = 0
        for entry in pathlib.Path(f"/proc/{self.process.pid}/fd").iterdir():
            try:
                if os.readlink(entry).endswith(" (deleted)"):
                    total += entry.stat().st_size
            except FileNotFoundError:
                continue
        return total

    def stored(self):
        """Bytes of the store's data file."""
        return sum(path.stat().st_size for path in self.data.rglob("data.mdb"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def eventually(condition, what, seconds=TIMEOUT):
    """Waits for a condition, with a bound."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.02)
