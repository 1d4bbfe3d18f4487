"""The cases of gRPC C core's `bad_client` tests that no other judge here has: what an odd, a rude or
a broken client sends, and what becomes of it and of the calls beside it.
"""

import frames
import pytest
from attack import MIB
from frames import PROTOCOL_ERROR

PRIORITY_FLAG = 0x20
GOOD = frames.block(frames.request())
EMPTY = b"\0\0\0\0\0"


def padded(kind, flags, stream, payload, padding):
    """A frame with so many bytes of padding, which may be none at all."""
    return frames.frame(
        kind, flags | frames.PADDED, stream, bytes([padding]) + payload + bytes(padding))


def split(block, size):
    """A header block in frames of so many bytes."""
    pieces = [block[at:at + size] for at in range(0, len(block), size)]
    return frames.headers(1, pieces[0], whole=False) + b"".join(
        frames.continuation(1, piece, whole=at == len(pieces) - 2)
        for at, piece in enumerate(pieces[1:]))


# Legal, and not what a client of today sends.
UNUSUAL = {
    "padded frames": padded(frames.HEADERS, frames.END_HEADERS, 1, GOOD, 255)
    + padded(frames.DATA, 0, 1, EMPTY[:2], 0) + padded(frames.DATA, 1, 1, EMPTY[2:], 100),
    "a priority in HEADERS": frames.frame(
        frames.HEADERS, frames.END_HEADERS | PRIORITY_FLAG, 1, b"\x80\0\0\0\xff" + GOOD)
    + frames.data(1, EMPTY, end=True),
    "a header block in 50 frames": split(GOOD, len(GOOD) // 40)
    + frames.data(1, EMPTY, end=True),
    "an empty HEADERS before CONTINUATION": frames.headers(1, b"", whole=False)
    + frames.continuation(1, GOOD, whole=True) + frames.data(1, EMPTY, end=True),
    "a smaller HPACK table first": frames.headers(1, b"\x20" + GOOD)
    + frames.data(1, EMPTY, end=True),
    "a message in frames of one byte": frames.headers(1, GOOD)
    + b"".join(frames.data(1, b"\0") for _ in range(4)) + frames.data(1, b"\0", end=True),
    "END_STREAM in a frame of its own": frames.headers(1, GOOD) + frames.data(1, EMPTY)
    + frames.data(1, end=True),
    "trailers": frames.headers(1, GOOD) + frames.data(1, EMPTY)
    + frames.headers(1, frames.block([("x-trailer", "1")]), end=True),
    "frames of unknown types between": frames.headers(1, GOOD) + frames.frame(0x4D, 0xFF, 1, b"?")
    + frames.data(1, EMPTY, end=True),
    "unknown settings": frames.settings((0xFFF0, 7)) + frames.headers(1, GOOD)
    + frames.data(1, EMPTY, end=True),
    "unknown flags": frames.frame(frames.HEADERS, 0xD4 & ~frames.PADDED, 1, GOOD)
    + frames.data(1, EMPTY, end=True),
    "the highest stream first": frames.headers(0x7FFFFFFF, GOOD)
    + frames.data(0x7FFFFFFF, EMPTY, end=True),
    "a reserved bit": frames.frame(frames.HEADERS, frames.END_HEADERS, 0x80000001, GOOD)
    + frames.data(1, EMPTY, end=True),
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_an_unusual_request_is_answered(attack, hardened, name):
    with attack(f"unusual: {name}", server=hardened, memory=16 * MIB) as under:
        peer = under.connect()
        peer.send(UNUSUAL[name])
        assert peer.status(0x7FFFFFFF if name == "the highest stream first" else 1) == 0
        peer.must_live()


def test_a_preface_that_is_wrong_in_any_byte_ends_the_connection(attack, hardened):
    with attack("a wrong preface", server=hardened, memory=16 * MIB) as under:
        for at in range(len(frames.PREFACE)):
            wrong = bytearray(frames.PREFACE)
            wrong[at] ^= 0x20
            peer = under.connect(hello=False)
            peer.send(bytes(wrong) + frames.settings())
            peer.must_end()


def test_headers_that_come_again_end_their_stream(attack, hardened):
    with attack("duplicate headers", server=hardened, memory=16 * MIB) as under:
        peer = under.connect()
        peer.send(frames.headers(1, GOOD) + frames.headers(1, GOOD))
        assert peer.answer(1) == PROTOCOL_ERROR
        peer.send(frames.headers(3, GOOD) + frames.data(3, EMPTY, end=True))
        assert peer.status(3) == 0
        peer.must_live()


def test_a_large_message_under_way_holds_up_no_other_call(attack, hardened):
    with attack("head of line", server=hardened, memory=32 * MIB) as under:
        peer = under.connect()
        size = 4 * MIB - 1024
        peer.send(frames.call(1, frames.INGEST) + frames.data(1, b"\0" + size.to_bytes(4, "big")))
        for stream in range(3, 43, 2):
            for _ in range(3):
                peer.wait(lambda peer: peer.may_send(1, 16_000), "a window")
                peer.send(frames.data(1, bytes(16_000)))
                peer.sent_data(1, 16_000)
            peer.send(frames.headers(stream, GOOD) + frames.data(stream, EMPTY, end=True))
            assert peer.status(stream) == 0
        peer.send(frames.reset(1))
        peer.must_live()
        assert not peer.answered(1)
