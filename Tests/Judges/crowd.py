"""Very many connections at once, driven by one thread."""

import contextlib
import itertools
import resource
import select
import socket
import time


def allow_files(count):
    """Raises the limit of open files of this process, as far as it may, to hold `count` more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + 512
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    assert soft == resource.RLIM_INFINITY or max(soft, wanted) >= count + 128, "too few open files"


class Crowd:
    """Connections that all do the same; each holds what the server sent, until it closed it."""

    def __init__(self, address, count, first=b"", source="127.0.0.1"):
        allow_files(count)
        self.open = {}
        self.received = {}
        self.refused = 0
        self.closed = 0
        self._poll = select.poll()
        for _ in range(count):
            self._connect(address, first, source)

    def _connect(self, address, first, source):
        connection = socket.socket()
        try:
            connection.bind((source, 0))
            connection.settimeout(20)
            connection.connect(address)
            connection.sendall(first)
        except OSError:
            self.refused += 1
            connection.close()
            return
        connection.setblocking(False)
        self.open[connection.fileno()] = connection
        self.received[connection.fileno()] = b""
        self._poll.register(connection, select.POLLIN)

    def drip(self, drops, until, seconds):
        """Sends a byte of `drops` on each connection four times a second, until `until(self)`."""
        drops = itertools.cycle([drops[each:each + 1] for each in range(len(drops))] or [b""])
        end = time.monotonic() + seconds
        next_drip = time.monotonic()
        while not until(self):
            assert time.monotonic() < end, (
                f"not within {seconds} s: {len(self.open)} open, {self.closed} closed, "
                f"{self.refused} refused")
            if time.monotonic() >= next_drip:
                next_drip += 0.25
                drop = next(drops)
                for connection in list(self.open.values()):
                    with contextlib.suppress(OSError):
                        connection.send(drop)
            self.look()

    def look(self):
        for number, _ in self._poll.poll(100):
            connection = self.open[number]
            try:
                received = connection.recv(65536)
            except OSError:
                received = b""
            self.received[number] += received
            if not received:
                self._poll.unregister(connection)
                del self.open[number]
                connection.close()
                self.closed += 1

    def close(self):
        for connection in self.open.values():
            connection.close()
        self.open = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
