"""What an attack test needs: a raw connection, and a witness of what the server goes through.

    with attack("PING flood", memory=8 * MIB, seconds=20) as under:
        peer = under.connect()
        peer.flood(frames.ping() for _ in range(100_000))
        peer.must_end(frames.ENHANCE_YOUR_CALM, "too_many_pings")

Leaving the `with` asserts that the server's memory stayed below the bound, that it took no longer
than the bound, that a well-behaved client beside the attack was served without one failure, and, if
the server is the attack's own, that it stops in order.
"""

import collections
import contextlib
import socket
import threading
import time

import frames
import grpc
import hpack
import samples
from tally.v1 import admin_pb2, admin_pb2_grpc, reports_pb2, reports_pb2_grpc
from tallyd import SLOWNESS, Tallyd, eventually

MIB = 1 << 20
TIMEOUT = 60
TENANT = "beside"
# Generous: the judges share two cores with the server and, in CI, with others.
MAX_LATENCY = 15


class Peer:
    """One raw connection. A thread reads what comes, unless `reads` is false."""

    def __init__(self, address, settings=(), reads=True, source=None, hello=True, acks=True,
                 receive_buffer=None, pongs=True):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        if source:
            self.socket.bind((source, 0))
        self.socket.settimeout(TIMEOUT)
        self.socket.connect(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent = 0
        self.acks = acks
        self.answers_pings = pongs
        self.kinds = collections.Counter()
        self.resets = collections.Counter()
        self.reset_streams = {}
        self.fields = {}
        self.ended_streams = set()
        self.bytes_of_body = 0
        self.window = 65_535
        self.stream_window = 65_535
        self.windows = {}
        self.pongs = []
        self.goaway = None
        self.raw = bytearray()
        self.end = None
        self._decoder = hpack.Decoder()
        self._headers = b""
        self._buffer = bytearray()
        self._changed = threading.Condition()
        self._reader = None
        if hello:
            self.send(frames.PREFACE + frames.settings(*settings))
        if reads:
            self.read()
        if reads and hello:
            # The ACK goes out from the other thread: not between two pieces of a frame.
            self.wait(lambda peer: peer.kinds[frames.SETTINGS] or peer.end, "the server's SETTINGS")

    def read(self):
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def send(self, data):
        """Sends bytes; `False` if the server takes no more."""
        try:
            self.socket.sendall(data)
        except OSError:
            return False
        self.sent += len(data)
        return True

    def flood(self, pieces, chunk=32 * 1024):
        """Sends the pieces in large writes until all are out or the connection has ended."""
        out = bytearray()
        for piece in pieces:
            out += piece
            if len(out) >= chunk:
                if self.end or not self.send(out):
                    return False
                out.clear()
        return not self.end and self.send(out)

    def wait(self, condition, what, seconds=TIMEOUT):
        """Waits until `condition(self)` holds."""
        with self._changed:
            held = self._changed.wait_for(lambda: condition(self), seconds)
        assert held, f"not within {seconds} s: {what}; seen: {self.how}"
        return self

    def must_end(self, code=None, words="", seconds=20):
        """Waits for the end of the connection, and for the GOAWAY before it."""
        self.wait(lambda peer: peer.end, "the connection ends", seconds)
        if code is not None:
            assert self.goaway, f"no GOAWAY: {self.how}"
            codes = code if isinstance(code, tuple) else (code,)
            assert self.goaway[0] in codes and words in self.goaway[1], self.how
        return self

    def must_live(self):
        """The connection still answers."""
        before = len(self.pongs)
        assert self.send(frames.ping(b"areyouup")), self.how
        self.wait(lambda peer: len(peer.pongs) > before or peer.end, "a ping is answered")
        assert not self.end and not self.goaway, self.how
        return self

    def answer(self, stream, seconds=TIMEOUT):
        """The last header block of a stream that ended, or the code of its reset."""
        self.wait(lambda peer: peer.answered(stream), f"stream {stream} ends", seconds)
        if stream in self.ended_streams:
            return self.fields[stream]
        assert stream in self.reset_streams, self.how
        return self.reset_streams[stream]

    def answered(self, stream):
        return stream in self.ended_streams or stream in self.reset_streams or self.end

    def may_send(self, stream, count):
        """Whether the server's windows allow so many bytes of body."""
        return count <= min(self.window, self.stream_window + self.windows.get(stream, 0))

    def sent_data(self, stream, count):
        self.window -= count
        self.windows[stream] = self.windows.get(stream, 0) - count

    def status(self, stream, seconds=TIMEOUT):
        fields = self.answer(stream, seconds)
        assert isinstance(fields, dict), f"reset with {frames.CODES[fields]}"
        return int(fields["grpc-status"])

    @property
    def how(self):
        """How it ended, in a few words for the table."""
        said = []
        if self.raw.startswith(b"HTTP/1"):
            said.append(self.raw.split(b"\r\n")[0].decode())
        for code, count in self.resets.items():
            said.append(f"RST {frames.CODES[code]}" + (f" x{count}" if count > 1 else ""))
        if self.goaway:
            code, words = self.goaway
            said.append(f"GOAWAY {frames.CODES[code]}" + (f" '{words}'" if words else ""))
        if self.end:
            said.append(self.end)
        return ", ".join(said) or "open"

    def close(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        if self._reader:
            self._reader.join(TIMEOUT)
        self.socket.close()

    def _read(self):
        end = "closed"
        try:
            while received := self.socket.recv(256 * 1024):
                with self._changed:
                    self._take(received)
                    self._changed.notify_all()
        except ConnectionResetError:
            end = "closed by TCP reset"
        except OSError as error:
            end = f"{error}"
        with self._changed:
            self.end = end
            self._changed.notify_all()

    def _take(self, received):
        if len(self.raw) < 4096:
            self.raw += received
        if self.raw.startswith(b"HTTP/1"):
            return
        self._buffer += received
        at = 0
        while len(self._buffer) >= at + 9:
            length = int.from_bytes(self._buffer[at:at + 3], "big")
            if len(self._buffer) < at + 9 + length:
                break
            kind, flags = self._buffer[at + 3], self._buffer[at + 4]
            stream = int.from_bytes(self._buffer[at + 5:at + 9], "big")
            self._frame(kind, flags, stream, bytes(self._buffer[at + 9:at + 9 + length]))
            at += 9 + length
        del self._buffer[:at]

    def _frame(self, kind, flags, stream, payload):
        self.kinds[kind] += 1
        if kind in (frames.HEADERS, frames.CONTINUATION):
            self._headers += payload
            if flags & frames.END_HEADERS:
                fields = {
                    bytes(name).decode(): bytes(value).decode("latin-1")
                    for name, value in self._decoder.decode(self._headers, raw=True)}
                self.fields.setdefault(stream, {}).update(fields)
                self._headers = b""
        elif kind == frames.DATA:
            self.bytes_of_body += len(payload)
        elif kind == frames.RST_STREAM:
            code = int.from_bytes(payload, "big")
            self.resets[code] += 1
            self.reset_streams[stream] = code
        elif kind == frames.SETTINGS and not flags & frames.ACK:
            for at in range(0, len(payload), 6):
                if int.from_bytes(payload[at:at + 2], "big") == frames.INITIAL_WINDOW_SIZE:
                    self.stream_window = int.from_bytes(payload[at + 2:at + 6], "big")
            if self.acks:
                self.send(frames.settings(ack=True))
        elif kind == frames.WINDOW_UPDATE and stream == 0:
            self.window += int.from_bytes(payload, "big")
        elif kind == frames.WINDOW_UPDATE:
            self.windows[stream] = self.windows.get(stream, 0) + int.from_bytes(payload, "big")
        elif kind == frames.PING and flags & frames.ACK:
            self.pongs.append(payload)
        elif kind == frames.PING and self.answers_pings:
            self.send(frames.ping(payload, ack=True))
        elif kind == frames.GOAWAY:
            self.goaway = int.from_bytes(payload[4:8], "big"), payload[8:].decode()
        if kind in (frames.HEADERS, frames.DATA) and flags & frames.END_STREAM:
            self.ended_streams.add(stream)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Bystander(threading.Thread):
    """A grpcio client that asks for the status and a report, over and over, on its own channel."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.channel = server.connect()
        self.admin = admin_pb2_grpc.AdminServiceStub(self.channel)
        self.reports = reports_pb2_grpc.ReportServiceStub(self.channel)
        self.rounds = 0
        self.worst = 0.0
        self.failures = []
        self._halt = threading.Event()
        self.request = reports_pb2.CoursesRequest(
            tenant=TENANT, options=reports_pb2.ReportOptions(min_revision=server.beside))
        self.expected = self._report()

    def _report(self):
        parts = self.reports.Courses(self.request, timeout=TIMEOUT)
        return [row.SerializeToString(deterministic=True) for part in parts for row in part.rows]

    def _round(self):
        assert self.admin.Status(admin_pb2.StatusRequest(), timeout=TIMEOUT).version

    def run(self):
        while not self._halt.is_set():
            for ask in (self._round, self._check_report):
                began = time.monotonic()
                try:
                    ask()
                except (grpc.RpcError, AssertionError) as error:
                    self.failures.append(error)
                self.worst = max(self.worst, time.monotonic() - began)
            self.rounds += 1
            # A client with a rhythm: without one it would be a load of its own.
            self._halt.wait(0.01)

    def _check_report(self):
        assert self._report() == self.expected, "another report than before the attack"

    def stop(self):
        self._halt.set()
        self.join(2 * TIMEOUT)
        self.channel.close()


class Memory(threading.Thread):
    """The most anonymous memory that the server had, seen every 10 ms."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server = server
        self.before = self.most = server.memory()
        self._halt = threading.Event()

    def run(self):
        while not self._halt.wait(0.01):
            self.look()

    def look(self):
        with contextlib.suppress(OSError, StopIteration):
            self.most = max(self.most, self.server.memory())

    @property
    def growth(self):
        return self.most - self.before

    def stop(self):
        self._halt.set()
        self.join(TIMEOUT)
        self.look()


class Attack:
    """An attack under way on a server."""

    def __init__(self, server):
        self.server = server
        self.bystander = Bystander(server)
        self.memory = Memory(server)
        self.peers = []
        self.how = None
        self.began = time.monotonic()

    @property
    def address(self):
        return self.server.host, self.server.port

    def connect(self, **options):
        peer = Peer(self.address, **options)
        self.peers.append(peer)
        return peer

    def strikes(self, limit):
        """How often a limit has struck, as Status tells."""
        return sum(each.strikes for each in self.server.status().limits if each.name == limit)

    def must_strike(self, limit):
        eventually(lambda: self.strikes(limit) > 0, f"the limit {limit} strikes")

    def idle(self):
        """Waits until no call is left but the bystander's and the one that asks."""
        eventually(lambda: self.server.status().open_calls <= 2, "all calls have ended")

    def served(self):
        """The bystander's next whole round."""
        target = self.bystander.rounds + 2
        eventually(lambda: self.bystander.rounds >= target, "the bystander is served")

    def ended(self, how):
        """Says how the attack ended, in words for the table."""
        self.how = how


@contextlib.contextmanager
def attacked(server, row, results, memory, seconds):
    """An attack on a server that runs, watched."""
    under = Attack(server)
    under.memory.start()
    under.bystander.start()
    try:
        yield under
        took = time.monotonic() - under.began
        under.served()
        how = under.how or (under.peers[0].how if under.peers else "")
    finally:
        under.bystander.stop()
        under.memory.stop()
        for peer in under.peers:
            peer.close()
    results.append((row, how, took, under.memory.growth, under.bystander.worst))
    print(f"{row}: {how}; {took:.2f} s, {under.memory.growth / MIB:.1f} MiB, "
          f"bystander {under.bystander.worst * 1000:.0f} ms, {under.bystander.rounds} rounds")
    assert not under.bystander.failures, under.bystander.failures[:3]
    assert under.bystander.worst < MAX_LATENCY
    assert under.memory.growth < memory * SLOWNESS, f"{under.memory.growth} bytes of memory"
    assert took < seconds * SLOWNESS


@contextlib.contextmanager
def victim(folder, *options, credentials=None):
    """A server with a tenant for the bystander, which must stop in order."""
    server = Tallyd(folder, *options, credentials=credentials)
    try:
        server.beside = samples.ingest(server, TENANT, samples.events("edge-cases"))
        yield server
    finally:
        code = server.stop()
    assert code == 0, "".join(server.log)


def table(results):
    """The results as a table in Markdown."""
    lines = ["| row | how it ended | time | memory | bystander's worst |", "|---|---|---|---|---|"]
    lines += [
        f"| {row} | {how} | {took:.2f} s | {growth / MIB:.1f} MiB | {worst * 1000:.0f} ms |"
        for row, how, took, growth, worst in results]
    return "\n".join(lines)
