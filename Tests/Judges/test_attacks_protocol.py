"""Bytes that break HTTP/2 (wire.md, section 3): each ends its stream or its connection, at once."""

import frames
import pytest
from attack import MIB
from frames import (
    COMPRESSION_ERROR, ENABLE_PUSH, ENHANCE_YOUR_CALM, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR,
    INITIAL_WINDOW_SIZE, INGEST, PROTOCOL_ERROR, STATUS, STREAM_CLOSED)

GOOD = frames.block(frames.request())

BROKEN_CONNECTIONS = {
    "lower stream id than before": (
        frames.call(5, INGEST) + frames.call(3, INGEST), PROTOCOL_ERROR),
    "even stream id": (frames.call(2), PROTOCOL_ERROR),
    "HEADERS on stream 0": (frames.call(0), PROTOCOL_ERROR),
    "DATA on stream 0": (frames.data(0, b"?"), PROTOCOL_ERROR),
    "DATA on an idle stream": (frames.data(7, b"?"), PROTOCOL_ERROR),
    "DATA after END_STREAM": (
        frames.call(1, frames.WATCH, end=False) + frames.data(1, b"\0\0\0\0\0", end=True)
        + frames.data(1, b"?"), STREAM_CLOSED),
    "RST_STREAM on an idle stream": (frames.reset(7), PROTOCOL_ERROR),
    "frame above MAX_FRAME_SIZE": (
        frames.call(1, INGEST) + frames.data(1, bytes(16_385)), FRAME_SIZE_ERROR),
    "HEADERS above MAX_FRAME_SIZE": (frames.headers(1, bytes(16_385)), FRAME_SIZE_ERROR),
    "PING of 7 bytes": (frames.ping(bytes(7)), FRAME_SIZE_ERROR),
    "SETTINGS of 5 bytes": (frames.frame(frames.SETTINGS, payload=bytes(5)), FRAME_SIZE_ERROR),
    "SETTINGS ACK with a payload": (
        frames.frame(frames.SETTINGS, frames.ACK, payload=bytes(6)), FRAME_SIZE_ERROR),
    "SETTINGS with a window above 2^31-1": (
        frames.settings((INITIAL_WINDOW_SIZE, 1 << 31)), FLOW_CONTROL_ERROR),
    "SETTINGS with ENABLE_PUSH 2": (frames.settings((ENABLE_PUSH, 2)), PROTOCOL_ERROR),
    "HPACK index that does not exist": (
        frames.headers(1, GOOD + frames.number(200, 7, 0x80)), COMPRESSION_ERROR),
    "HPACK index 0": (frames.headers(1, GOOD + b"\x80"), COMPRESSION_ERROR),
    "HPACK integer without an end": (
        frames.headers(1, GOOD + b"\xff" + b"\xff" * 20), COMPRESSION_ERROR),
    "HPACK table above the setting": (
        frames.headers(1, frames.number(1 << 20, 5, 0x20) + GOOD), COMPRESSION_ERROR),
    "HPACK string cut short": (
        frames.headers(1, GOOD + b"\0\x05ab"), COMPRESSION_ERROR),
    "CONTINUATION without HEADERS": (frames.continuation(1, GOOD, whole=True), PROTOCOL_ERROR),
    "a frame between HEADERS and CONTINUATION": (
        frames.headers(1, GOOD, whole=False) + frames.ping(), PROTOCOL_ERROR),
    "PUSH_PROMISE": (
        frames.call(1, INGEST)
        + frames.frame(frames.PUSH_PROMISE, frames.END_HEADERS, 1, b"\0\0\0\x02" + GOOD),
        PROTOCOL_ERROR),
    "WINDOW_UPDATE of 0, connection": (frames.window_update(0, 0), PROTOCOL_ERROR),
    "WINDOW_UPDATE of 0, stream": (
        frames.call(1, INGEST) + frames.window_update(1, 0), PROTOCOL_ERROR),
    "connection window above 2^31-1": (
        frames.window_update(0, 0x7FFFFFFF), FLOW_CONTROL_ERROR),
    "PRIORITY that depends on itself": (
        frames.call(1, INGEST) + frames.priority(1, depends_on=1), PROTOCOL_ERROR),
    "padding longer than its frame": (
        frames.call(1, INGEST) + frames.frame(frames.DATA, frames.PADDED, 1, b"\xff?"),
        PROTOCOL_ERROR),
}


@pytest.mark.parametrize("name", BROKEN_CONNECTIONS)
def test_a_broken_frame_ends_the_connection(attack, hardened, name):
    bytes_, code = BROKEN_CONNECTIONS[name]
    with attack(name, server=hardened, memory=16 * MIB) as under:
        peer = under.connect()
        peer.send(bytes_)
        peer.must_end(code)


BROKEN_STREAMS = {
    "no :path": frames.request(path=None),
    "no :authority and no host": frames.request(authority=None),
    "no :scheme": frames.request(scheme=None),
    "no :method": frames.request(method=None),
    "path without a slash": frames.request(path="tally.v1.AdminService/Status"),
    "empty path": frames.request(path=""),
    "te: gzip": [*frames.request()[:4], ("te", "gzip"), ("content-type", "application/grpc")],
    "NUL in a value": frames.request(extra=[("x-nul", b"a\0b")]),
    "line feed in a value": frames.request(extra=[("x-line", b"a\nb")]),
    "name in upper case": frames.request(extra=[("Upper", "case")]),
    "empty name": frames.request(extra=[("", "value")]),
    "unknown pseudo-header": [(":who", "me"), *frames.request()],
    "pseudo-header behind a field": [("x-first", "1"), *frames.request()],
    "pseudo-header twice": [(":path", STATUS), *frames.request()],
    "connection field": frames.request(extra=[("connection", "keep-alive")]),
    "content-length twice": frames.request(
        extra=[("content-length", "5"), ("content-length", "6")]),
}


@pytest.mark.parametrize("name", BROKEN_STREAMS)
def test_a_malformed_request_is_reset_and_its_connection_lives(attack, hardened, name):
    with attack(name, server=hardened, memory=16 * MIB) as under:
        peer = under.connect()
        peer.send(frames.headers(1, frames.block(BROKEN_STREAMS[name])))
        assert peer.answer(1) == PROTOCOL_ERROR
        peer.send(frames.call(3) + frames.data(3, bytes(5), end=True))
        assert peer.status(3) == 0
        peer.must_live()


UPGRADE = (b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n"
           b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n")
NO_PREFACE = {
    "HTTP/1.1 request": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "h2c upgrade": UPGRADE,
    "TLS to a plaintext port": bytes.fromhex("1603010200010001fc0303") + bytes(64),
    "random bytes": bytes(range(255, 0, -1)),
    "preface and no SETTINGS": frames.PREFACE + frames.ping(),
}


@pytest.mark.parametrize("name", NO_PREFACE)
def test_what_is_no_preface_is_closed(attack, hardened, name):
    with attack(name, server=hardened, memory=16 * MIB) as under:
        peer = under.connect(hello=False)
        peer.send(NO_PREFACE[name])
        peer.must_end()
        assert b" 101 " not in peer.raw


def test_connect_is_refused(attack, hardened):
    with attack("CONNECT", server=hardened, memory=16 * MIB) as under:
        peer = under.connect()
        peer.send(frames.headers(
            1, frames.block([(":method", "CONNECT"), (":authority", "localhost:1")])))
        answer = peer.answer(1)
        assert answer == PROTOCOL_ERROR or answer[":status"] == "405"
        peer.must_live()
        under.ended(peer.how if answer == PROTOCOL_ERROR else "HTTP 405")


def test_a_stream_beyond_the_announced_limit_ends_the_connection(attack, hardened):
    row = "streams beyond the limit, after the ACK"
    with attack(row, server=hardened, memory=32 * MIB) as under:
        peer = under.connect()
        peer.wait(lambda peer: peer.kinds[frames.SETTINGS] > 1, "both SETTINGS are acknowledged")
        peer.must_live()
        peer.send(b"".join(frames.call(stream, INGEST) for stream in range(1, 1200, 2)))
        peer.must_end((PROTOCOL_ERROR, ENHANCE_YOUR_CALM))
        under.idle()
