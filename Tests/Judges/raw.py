"""A gRPC client of h2 and a socket, which can do what a well-behaved one never would."""

import socket
import struct
import time

import h2.config
import h2.connection
import h2.errors
import h2.events
from tallyd import SLOWNESS

TIMEOUT = 20 * SLOWNESS


def message(payload=b"", flag=0, length=None):
    """A message with its prefix; `length` lies about the size."""
    return struct.pack(">BI", flag, len(payload) if length is None else length) + payload


class Call:
    """One connection with one call on it."""

    def __init__(self, server, path, headers=(), method="POST", content_type="application/grpc",
                 end=False):
        self.socket = socket.create_connection((server.host, server.port), timeout=TIMEOUT)
        self.h2 = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=True, header_encoding="utf-8"))
        self.h2.initiate_connection()
        self.stream = self.h2.get_next_available_stream_id()
        sent = [(":method", method), (":scheme", "http"), (":path", path),
                (":authority", f"{server.host}:{server.port}"), ("te", "trailers")]
        if content_type is not None:
            sent.append(("content-type", content_type))
        self.h2.send_headers(self.stream, [*sent, *headers], end_stream=end)
        self._flush()
        self.headers = {}
        self.trailers = {}
        self.body = b""
        self.reset = None
        self.ended = False

    def _flush(self):
        self.socket.sendall(self.h2.data_to_send())

    def send(self, data, end=False):
        self.h2.send_data(self.stream, data, end_stream=end)
        self._flush()
        return self

    def receive(self, until, acknowledge=True):
        """Reads until `until(self)` holds, the call or the connection ended."""
        limit = time.monotonic() + TIMEOUT
        while not (until(self) or self.ended or self.reset is not None):
            assert time.monotonic() < limit, "no answer"
            data = self.socket.recv(65536)
            if not data:
                break
            for event in self.h2.receive_data(data):
                self._handle(event, acknowledge)
            self._flush()
        return self

    def finish(self):
        return self.receive(lambda _: False)

    def _handle(self, event, acknowledge):
        if isinstance(event, h2.events.ResponseReceived):
            self.headers = dict(event.headers)
        elif isinstance(event, h2.events.TrailersReceived):
            self.trailers = dict(event.headers)
        elif isinstance(event, h2.events.DataReceived):
            self.body += event.data
            if acknowledge and event.flow_controlled_length:
                self.h2.acknowledge_received_data(event.flow_controlled_length, self.stream)
        elif isinstance(event, h2.events.StreamEnded):
            self.ended = True
        elif isinstance(event, h2.events.StreamReset):
            self.reset = event.error_code

    @property
    def status(self):
        """grpc-status, from the trailers or the headers of an answer without a body."""
        value = self.trailers.get("grpc-status", self.headers.get("grpc-status"))
        return None if value is None else int(value)

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
