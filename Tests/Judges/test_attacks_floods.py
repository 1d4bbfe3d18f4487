"""Floods of frames that cost the sender little (wire.md, section 3): each ends the connection."""

import itertools

import frames
import pytest
from attack import MIB
from frames import (
    CANCEL, ENHANCE_YOUR_CALM, FLOW_CONTROL_ERROR, INGEST, INITIAL_WINDOW_SIZE,
    PROTOCOL_ERROR, REFUSED_STREAM, STATUS, WATCH)

FLOOD = 20_000


def streams(first=1):
    return itertools.count(first, 2)


def rapid_reset(path, count=FLOOD):
    for stream in itertools.islice(streams(), count):
        yield frames.call(stream, path) + frames.reset(stream, CANCEL)


@pytest.mark.parametrize("path", [STATUS, INGEST, WATCH], ids=["unary", "ingest", "watch"])
def test_rapid_reset_ends_the_connection(attack, path):
    with attack(f"rapid reset, {path.rpartition('/')[2]} x 20,000", memory=32 * MIB) as under:
        peer = under.connect()
        peer.flood(rapid_reset(path))
        peer.must_end(ENHANCE_YOUR_CALM, "too_many_resets")
        # Handlers of cancelled calls come to their end as well: Status itself is one call.
        under.idle()


def window_overflow(stream):
    """A window that grows beyond 2^31-1 bytes."""
    return frames.call(stream) + frames.window_update(stream, 0x7FFFFFFF)


def malformed_field(stream):
    return frames.call(stream, extra=[("Upper", "case")])


def pseudo_header_in_trailers(stream):
    trailers = frames.block([(":path", STATUS)])
    return frames.call(stream) + frames.headers(stream, trailers, end=True)


def content_length_exceeded(stream):
    return frames.call(stream, extra=[("content-length", "1")]) + frames.data(stream, b"two")


def too_many_streams(stream):
    return frames.call(stream, INGEST)


RESETS = {
    window_overflow: FLOW_CONTROL_ERROR, malformed_field: PROTOCOL_ERROR,
    pseudo_header_in_trailers: PROTOCOL_ERROR, content_length_exceeded: PROTOCOL_ERROR,
    too_many_streams: REFUSED_STREAM}


@pytest.mark.parametrize("offence", RESETS, ids=lambda offence: offence.__name__)
def test_making_the_server_reset_ends_the_connection(attack, offence):
    row = f"MadeYouReset, {offence.__name__.replace('_', ' ')} x 20,000"
    with attack(row, memory=32 * MIB) as under:
        # Without an ACK of the server's SETTINGS it may not know the limit of streams.
        peer = under.connect(acks=offence is not too_many_streams)
        taken = 256 if offence is too_many_streams else 0
        for batch in range(FLOOD // 50):
            if peer.end or not peer.flood(
                    offence(2 * number + 1) for number in range(50 * batch, 50 * batch + 50)):
                break
            due = 50 * (batch + 1) - taken
            peer.wait(lambda peer, due=due: peer.resets.total() >= due or peer.end, "resets")
        peer.must_end(ENHANCE_YOUR_CALM, "too_many_invalid_frames")

        assert set(peer.resets) == {RESETS[offence]}
        assert 90 <= peer.resets.total() <= 300


def oversized_again():
    """A field of 4 KB in the dynamic table, then blocks of a few bytes that are 36 KB each."""
    yield frames.headers(
        1, frames.block(frames.request()) + frames.literal("x-bomb", "b" * 3900, indexed=True),
        end=True)
    bomb = frames.block(frames.request()) + b"\xbe" * 10
    for stream in itertools.islice(streams(3), FLOOD):
        yield frames.headers(stream, bomb)


def test_header_blocks_over_the_hard_limit_end_the_connection(attack):
    with attack("header block over the hard limit x 20,000", memory=32 * MIB) as under:
        peer = under.connect()
        peer.flood(oversized_again())
        peer.must_end(ENHANCE_YOUR_CALM, "too_many_invalid_frames")


# The frame, how many of it, and the limit that strikes.
CHEAP, IGNORED = "too_many_cheap_frames", "too_many_ignored_bytes"
# Each wants an ACK, so either limit may come first: 1,000 of them wait after one read.
ACKS = "too_many_"
FLOODS = {
    "SETTINGS": (frames.settings(), 100_000, ACKS),
    "SETTINGS of one entry": (frames.settings((INITIAL_WINDOW_SIZE, 65_535)), 100_000, ACKS),
    "PING": (frames.ping(), 100_000, "too_many_pings"),
    "PING ACK": (frames.ping(ack=True), 100_000, CHEAP),
    "empty DATA": (frames.data(1), 100_000, CHEAP),
    "padding-only DATA": (
        frames.frame(frames.DATA, frames.PADDED, 1, b"\x07" + bytes(7)), 100_000, CHEAP),
    "connection WINDOW_UPDATE": (frames.window_update(0, 1), 100_000, CHEAP),
    "stream WINDOW_UPDATE": (frames.window_update(1, 1), 100_000, CHEAP),
    "PRIORITY": (frames.priority(1), 100_000, CHEAP),
    "PRIORITY on idle streams": (frames.priority(1001), 100_000, CHEAP),
    # nghttp2 tells of none of these: their bytes are bounded.
    "empty unknown frame": (frames.frame(frames.UNKNOWN), 4_000_000, IGNORED),
    "unknown frame": (frames.frame(frames.UNKNOWN, payload=b"?" * 100), 400_000, IGNORED),
    "unknown frame of 16 KiB": (
        frames.frame(frames.UNKNOWN, payload=bytes(16_384)), 4_000, IGNORED),
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_of_cheap_frames_ends_the_connection(attack, name):
    frame, count, words = FLOODS[name]
    with attack(f"{name} flood x {count:,}", memory=16 * MIB) as under:
        peer = under.connect()
        # A call that hangs, so that frames on its stream are legal.
        peer.send(frames.call(1, INGEST))
        peer.flood(itertools.repeat(frame * 100, count // 100))
        peer.must_end(ENHANCE_YOUR_CALM, words)
        under.idle()


def test_settings_with_more_than_32_entries_end_the_connection(attack, hardened):
    with attack("SETTINGS of 33 entries", server=hardened, memory=16 * MIB) as under:
        peer = under.connect()
        peer.send(frames.settings(*[(INITIAL_WINDOW_SIZE, 65_535)] * 33))
        peer.must_end(ENHANCE_YOUR_CALM)


@pytest.mark.parametrize("piece", [b"", b"\0\x01a\x01b"], ids=["empty", "with a field"])
def test_a_flood_of_continuations_ends_the_connection(attack, piece):
    name = "empty" if not piece else "with a field"
    with attack(f"CONTINUATION flood, {name} x 100,000", memory=16 * MIB) as under:
        peer = under.connect()
        peer.send(frames.headers(1, frames.block(frames.request()), whole=False))
        peer.flood(itertools.repeat(frames.continuation(1, piece), 100_000))
        peer.must_end(ENHANCE_YOUR_CALM, "too_many_continuations")


def test_a_header_block_in_three_parts_byte_by_byte_is_taken(attack, hardened):
    whole = frames.block(frames.request())
    third = len(whole) // 3
    parts = (frames.headers(1, whole[:third], whole=False)
             + frames.continuation(1, whole[third:2 * third])
             + frames.continuation(1, whole[2 * third:], whole=True)
             + frames.data(1, b"\0\0\0\0\0", end=True))
    with attack("legal header block, byte by byte", server=hardened, memory=16 * MIB) as under:
        peer = under.connect()
        for byte in parts:
            assert peer.send(bytes([byte]))
        assert peer.status(1) == 0
        under.ended("status 0")
