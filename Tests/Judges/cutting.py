"""A proxy before the server that cuts connections after so many bytes."""

import contextlib
import socket
import struct
import threading


class CuttingProxy:
    """Connection number i passes `cuts[i]` bytes to its client and is reset; further ones pass all.

    A reset takes what the client has not read yet with it; without `resets` the connection just ends.

    `before(i)` is called before connection i reaches the server: the place to change its store.
    """

    def __init__(self, server, cuts, before=lambda number: None, resets=True):
        self.server = server
        self.cuts = list(cuts)
        self.before = before
        self.resets = resets
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.threads = []
        self.sockets = []
        self._start(self._accept)

    def _start(self, body, *arguments):
        thread = threading.Thread(target=body, args=arguments, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            number = self.connections
            self.connections += 1
            self.before(number)
            try:
                server = socket.create_connection((self.server.host, self.server.port))
            except OSError:
                client.close()
                continue
            self.sockets += [client, server]
            cut = self.cuts[number] if number < len(self.cuts) else None
            self._start(self._pass, client, server, None)
            self._start(self._pass, server, client, cut)

    def _pass(self, source, target, cut):
        passed = 0
        with contextlib.suppress(OSError):
            while data := source.recv(16384):
                if cut is not None and passed + len(data) >= cut:
                    target.sendall(data[:cut - passed])
                    # Zero seconds of lingering: a reset, and nothing behind it.
                    if self.resets:
                        linger = struct.pack("ii", 1, 0)
                        target.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    break
                target.sendall(data)
                passed += len(data)
        for each in (target, source):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # A blocked accept does not notice that its socket is closed.
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for each in self.sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(timeout=10)
