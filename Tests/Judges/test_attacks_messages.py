"""Messages that lie about their size, or grow in memory (wire.md, section 3)."""

import gzip
import struct
import zlib

import frames
import pytest
from attack import MIB
from frames import COURSES, INGEST, STATUS
from google.protobuf.timestamp_pb2 import Timestamp
from tally.v1 import events_pb2, ingest_pb2, ingest_pb2_grpc

LIMIT = 4 * MIB
OK, INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL = 0, 3, 8, 12, 13


def prefix(length, flag=0):
    return struct.pack(">BI", flag, length)


def send(peer, stream, body, end=True):
    """A body in DATA frames, within the windows that the server gives at once."""
    for at in range(0, max(len(body), 1), 16_384):
        peer.wait(lambda peer: peer.may_send(stream, 16_384) or peer.answered(stream), "a window")
        if peer.answered(stream):
            return
        piece = body[at:at + 16_384]
        peer.sent_data(stream, len(piece))
        peer.send(frames.data(stream, piece, end=end and at + 16_384 >= len(body)))


@pytest.mark.parametrize("path", [STATUS, INGEST, COURSES])
@pytest.mark.parametrize("length", [LIMIT + 1, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_huge_length_prefix_is_refused_at_once(attack, hardened, path, length):
    row = f"length prefix {length:#x} to {path.rpartition('/')[2]} x 100"
    with attack(row, server=hardened, memory=16 * MIB) as under:
        peer = under.connect()
        for stream in range(1, 200, 2):
            peer.send(frames.call(stream, path) + frames.data(stream, prefix(length)))
            assert peer.status(stream) == RESOURCE_EXHAUSTED
        peer.must_live()
        under.ended("status RESOURCE_EXHAUSTED x 100")


def test_promised_messages_that_never_come_hold_no_memory(attack):
    """200 streams on each of 8 connections promise 4 MiB and send 1 byte."""
    with attack("length prefix 4 MiB and 1 byte x 1,600", memory=320 * MIB) as under:
        for _ in range(8):
            peer = under.connect()
            peer.send(b"".join(
                frames.call(stream, INGEST) + frames.data(stream, prefix(LIMIT) + b"\x0a")
                for stream in range(1, 400, 2)))
            peer.must_live()
        under.ended("open, nothing kept")


def test_unfinished_messages_hold_bounded_memory(attack):
    """100 streams on each of 5 connections send all but the last byte of 4 MiB."""
    body = prefix(LIMIT) + bytes(LIMIT - 1)
    with attack("4 MiB but for the last byte x 500", memory=320 * MIB) as under:
        for _ in range(5):
            peer = under.connect()
            for stream in range(1, 200, 2):
                peer.send(frames.call(stream, INGEST))
                send(peer, stream, body, end=False)
        ended = [(peer, stream) for peer in under.peers for stream in peer.ended_streams]
        assert {peer.status(stream) for peer, stream in ended} == {RESOURCE_EXHAUSTED}
        # Of all there may be 256 MiB, of each connection 64.
        assert len(ended) >= 436
        under.must_strike("max-unfinished-bytes-per-connection")
        under.must_strike("max-unfinished-bytes")
        for peer in under.peers:
            peer.must_live()
        under.ended(f"status RESOURCE_EXHAUSTED x {len(ended)}, the others are held")


TRUNCATED = {
    "half a prefix": b"\0\0\0",
    "a prefix alone": prefix(10),
    "half a message": prefix(10) + b"half",
    "half a second message": prefix(0) + prefix(10) + b"half",
}


@pytest.mark.parametrize("name", TRUNCATED)
@pytest.mark.parametrize("path", [STATUS, INGEST])
def test_a_body_that_ends_within_a_message_is_refused(attack, hardened, path, name):
    if path == STATUS and name == "half a second message":
        expected = UNIMPLEMENTED
    elif name == "half a second message":
        expected = None
    else:
        expected = INTERNAL
    row = f"truncated: {name} to {path.rpartition('/')[2]}"
    with attack(row, server=hardened, memory=16 * MIB) as under:
        peer = under.connect()
        peer.send(frames.call(1, path) + frames.data(1, TRUNCATED[name], end=True))
        status = peer.status(1)
        # An empty batch is refused before the end is seen, or after it.
        assert status == expected if expected else status in (INTERNAL, INVALID_ARGUMENT)
        peer.must_live()
        under.ended(f"status {status}")


def varint(value):
    out = bytearray()
    while value >= 128:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


def field(number, payload):
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def fill(piece, size=LIMIT - 64):
    return piece * (size // len(piece))


def nested(depth):
    payload = b""
    while depth and len(payload) < LIMIT - 64:
        payload = field(2, payload)
        depth -= 1
    return payload


TENANT = field(1, b"amplified")
STAMP = field(1, b"\x08\x80\xe2\xcf\xaa\x06")


def event(number, fact):
    return TENANT + field(3, STAMP + field(number, fact))


# A batch each: what 4 MiB of it become in memory is 10 to 50 times as much without a bound.
AMPLIFIED = {
    "4 MiB of empty submessages": TENANT + fill(field(3, b"")),
    "4 MiB of empty strings": event(5, fill(field(11, b""))),
    "4 MiB of unknown fields": TENANT + fill(b"\xf8\x07\x01"),
    "4 MiB of packed enums": event(4, field(3, fill(b"\x01", LIMIT - 256))),
    "4 MiB of enums one by one": event(4, fill(b"\x18\x01")),
    "4 MiB of one string again": event(5, fill(field(2, b"again and again"))),
    "4 MiB of one submessage again": TENANT + field(3, fill(field(2, field(1, b"u")))),
    "4 MiB of unknown groups": TENANT + fill(b"\xfb\x07\xfc\x07"),
    "nested 100,000 deep": TENANT + field(3, nested(100_000)),
    "nested groups 1,000,000 deep": TENANT + b"\xfb\x07" * 1_000_000,
    "wrong wire type on a known field": b"\x08\x01",
    "a length beyond the message": b"\x0a\xff\xff\xff\xff\x0f",
    "a varint of 11 bytes": b"\x10" + b"\xff" * 11,
    "field number 0": b"\x00\x01",
}


@pytest.mark.parametrize("name", AMPLIFIED)
def test_a_message_that_grows_in_memory_is_bounded(attack, name):
    with attack(f"protobuf: {name} x 16", memory=224 * MIB) as under:
        statuses = set()
        for _ in range(4):
            peer = under.connect()
            for stream in range(1, 9, 2):
                peer.send(frames.call(stream, INGEST))
                send(peer, stream, prefix(len(AMPLIFIED[name])) + AMPLIFIED[name])
            statuses |= {peer.status(stream) for stream in range(1, 9, 2)}
            peer.must_live()
        assert statuses <= {OK, INVALID_ARGUMENT, RESOURCE_EXHAUSTED, INTERNAL}
        under.ended(f"status {', '.join(str(each) for each in sorted(statuses))}")


@pytest.mark.parametrize("name,tenant", [
    ("not UTF-8", b"a\xff"), ("overlong", b"\xc0\x80"), ("surrogate", b"\xed\xa0\x80")])
def test_text_that_is_not_utf8_is_internal(attack, hardened, name, tenant):
    with attack(f"text: {name}", server=hardened, memory=16 * MIB) as under:
        peer = under.connect()
        body = field(1, tenant)
        peer.send(frames.call(1) + frames.data(1, prefix(len(body)) + body, end=True))
        assert peer.status(1) == INTERNAL
        under.ended("status 13")


def test_an_unknown_enum_refuses_its_event_alone(attack, hardened):
    stub = ingest_pb2_grpc.IngestServiceStub(hardened.channel)
    when = Timestamp(seconds=1_700_000_000)
    request = ingest_pb2.IngestRequest(tenant="enums", sequence=1, events=[
        events_pb2.Event(
            occurred_at=when, course=events_pb2.CourseFact(course_id="c", name="C", status=99)),
        events_pb2.Event(occurred_at=when, group=events_pb2.GroupFact(group_id="g", name="G"))])
    with attack("unknown enum", server=hardened, memory=16 * MIB) as under:
        answer, = stub.Ingest(iter([request]), timeout=20)
        assert answer.taken == 1 and len(answer.verdicts) == 1
        under.ended("verdict on the event, the rest is taken")


def gzip_of_zeros(mebibytes):
    """The same deflated block again and again: Python needs seconds to deflate a gigabyte."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = deflate.compress(bytes(MIB)) + deflate.flush(zlib.Z_FULL_FLUSH)
    # The checksum behind it is nobody's: the server must stop long before.
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + block * mebibytes + deflate.flush() + bytes(8)


def test_a_gzip_bomb_is_refused(attack):
    packed = gzip_of_zeros(1024)
    with attack("gzip bomb, 1 GiB in one message", memory=64 * MIB) as under:
        peer = under.connect()
        peer.send(frames.call(1, INGEST, [("grpc-encoding", "gzip")]))
        send(peer, 1, prefix(len(packed), flag=1) + packed)
        status = peer.status(1)
        assert status == RESOURCE_EXHAUSTED
        under.ended(f"status {status}")


def test_a_thousand_gzip_bombs_are_inflated_one_at_a_time(attack):
    # A batch without events, and an unknown field of a megabyte.
    packed = gzip.compress(TENANT + field(15, bytes(1_000_000)))
    with attack("gzip bombs, 1 MB x 1,000", memory=96 * MIB, seconds=60) as under:
        peer = under.connect()
        peer.send(frames.call(1, INGEST, [("grpc-encoding", "gzip")]))
        send(peer, 1, (prefix(len(packed), flag=1) + packed) * 1000)
        status = peer.status(1)
        assert status == OK
        under.ended("1,000 answers, status 0")
