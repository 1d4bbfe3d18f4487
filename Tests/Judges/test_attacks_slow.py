"""Peers that are slow on purpose, in either direction (wire.md, section 3): a timer ends each."""

import frames
import pytest
import samples
from attack import MIB
from crowd import Crowd
from frames import (
    CANCEL, COURSES, END_HEADERS, INGEST, INITIAL_WINDOW_SIZE, NO_ERROR, PREFACE, STATUS)
from google.protobuf.timestamp_pb2 import Timestamp
from raw import message
from tally.v1 import events_pb2, reports_pb2
from tallyd import eventually

CONNECTIONS = 1000
DEADLINE_EXCEEDED, UNAVAILABLE = 4, 14
GREETING = PREFACE + frames.settings() + frames.settings(ack=True)
BLOCK = frames.block(frames.request())
# A field whose value of 3,900 bytes is still to come.
BEGUN = BLOCK + b"\0" + frames.text("x-slow") + frames.number(3900, 7)

# What is sent at once, what follows byte by byte, and the limit that must strike.
SLOW = {
    "silence": (b"", b"", "preface-timeout"),
    "preface": (PREFACE[:3], PREFACE[3:], "preface-timeout"),
    "preface without SETTINGS": (PREFACE, b"", "preface-timeout"),
    "headers": (
        GREETING + frames.frame(
            frames.HEADERS, END_HEADERS, 1, BEGUN, length=len(BEGUN) + 3900),
        b"a", "header-timeout"),
    "continuations": (
        GREETING + frames.headers(1, BLOCK, whole=False), b"", "header-timeout"),
}


@pytest.mark.parametrize("name", SLOW)
def test_a_thousand_slow_connections_are_closed(attack, name):
    first, drip, limit = SLOW[name]
    row = f"slowloris, {name} x 1,000 ({limit} 2 s)"
    with attack(row, "--limit", f"{limit}=2s", memory=128 * MIB) as under:
        with Crowd(under.address, CONNECTIONS, first) as crowd:
            crowd.drip(drip, lambda crowd: not crowd.open, seconds=40)
            assert crowd.closed == CONNECTIONS
        under.must_strike(limit)
        under.ended(f"{CONNECTIONS:,} closed by {limit}")


def test_a_thousand_slow_bodies_end_their_calls(attack):
    body = frames.call(1, STATUS) + frames.frame(frames.DATA, 0, 1, b"\0\0\0\x10\0", length=4101)
    row = "slowloris, body x 1,000 (message-timeout 2 s)"
    with attack(row, "--limit", "message-timeout=2s", memory=128 * MIB) as under:
        with Crowd(under.address, CONNECTIONS, GREETING + body) as crowd:
            # The calls end; their connections may live on.
            crowd.drip(
                b"\0", lambda _: under.strikes("message-timeout") >= CONNECTIONS, seconds=40)
            under.idle()
        under.ended("1,000 calls ended by message-timeout")


def test_an_ingest_stream_without_a_message_ends(attack):
    row = "slowloris, ingest x 200 (stream-idle-timeout 2 s)"
    with attack(row, "--limit", "stream-idle-timeout=2s", memory=32 * MIB) as under:
        peer = under.connect()
        for stream in range(1, 400, 2):
            peer.send(frames.call(stream, INGEST))
        assert {peer.status(stream) for stream in range(1, 400, 2)} == {UNAVAILABLE}
        peer.must_live()
        under.idle()
        under.ended("status UNAVAILABLE x 200")


def test_a_connection_without_calls_is_told_to_go(attack):
    row = "idle connections x 1,000 (idle-timeout 2 s, drain-timeout 2 s)"
    options = ("--limit", "idle-timeout=2s", "--limit", "drain-timeout=2s")
    with attack(row, *options, memory=128 * MIB) as under:
        with Crowd(under.address, CONNECTIONS - 1, GREETING) as crowd:
            peer = under.connect()
            peer.must_end(NO_ERROR, "max_idle")
            # These answer no ping: the drain does not wait for them for ever.
            crowd.drip(b"", lambda crowd: not crowd.open, seconds=40)
            assert all(b"max_idle" in received for received in crowd.received.values())


def test_a_dead_peer_is_noticed(attack):
    row = "peer answers no ping (keepalive 1 s and 1 s)"
    options = ("--limit", "keepalive-time=1s", "--limit", "keepalive-timeout=1s")
    with attack(row, *options, memory=32 * MIB) as under:
        peer = under.connect(pongs=False)
        peer.send(frames.call(1, INGEST))
        peer.must_end()
        under.must_strike("keepalive-timeout")
        under.idle()


@pytest.fixture
def large():
    """Fills a server with a report of about 1 MB; the request for it as a framed message."""

    def fill(server):
        events = [
            events_pb2.Event(
                occurred_at=Timestamp(seconds=1_700_000_000), course=events_pb2.CourseFact(
                    course_id=f"course-{number:06}", name=f"Course {number} " + "n" * 300,
                    status=events_pb2.COURSE_STATUS_ACTIVE))
            for number in range(3000)]
        revision = samples.ingest(server, "large", events)
        request = reports_pb2.CoursesRequest(
            tenant="large", options=reports_pb2.ReportOptions(min_revision=revision))
        return message(request.SerializeToString())

    return fill


def test_a_peer_that_never_reads_is_closed(attack, large):
    row = "1,000 reports open, never reads (write-stall-timeout 2 s)"
    with attack(row, "--limit", "write-stall-timeout=2s", memory=192 * MIB) as under:
        request = large(under.server)
        before = under.server.status().open_connections
        for _ in range(5):
            peer = under.connect(
                reads=False, receive_buffer=4096, settings=[(INITIAL_WINDOW_SIZE, 1 << 30)])
            peer.send(frames.window_update(0, 1 << 30))
            for stream in range(1, 400, 2):
                peer.send(frames.call(stream, COURSES) + frames.data(stream, request, end=True))
        under.must_strike("write-stall-timeout")
        eventually(lambda: under.server.status().open_connections <= before, "all are closed")
        under.idle()
        under.ended("5 connections closed by write-stall-timeout")


def test_pings_of_a_peer_that_never_reads_do_not_pile_up(attack):
    options = ("--limit", "ping-strikes=1000000", "--limit", "cheap-frames=10000000/10000000",
               "--limit", "write-stall-timeout=2s")
    row = "PINGs x 1,000,000, never reads, without ping limits"
    with attack(row, *options, memory=64 * MIB) as under:
        before = under.server.status().open_connections
        peer = under.connect(reads=False, receive_buffer=4096)
        pings = frames.ping() * 1000
        peer.socket.settimeout(5)
        peer.flood(pings for _ in range(1000))
        eventually(lambda: under.server.status().open_connections <= before, "it is closed")
        under.ended("closed")


def test_a_report_whose_client_gives_no_window_is_reset(attack, large):
    row = "1,000 reports, window 0 (stream-stall-timeout 2 s)"
    with attack(row, "--limit", "stream-stall-timeout=2s", memory=192 * MIB) as under:
        request = large(under.server)
        for _ in range(5):
            peer = under.connect(settings=[(INITIAL_WINDOW_SIZE, 0)])
            for stream in range(1, 400, 2):
                peer.send(frames.call(stream, COURSES) + frames.data(stream, request, end=True))
        for peer in under.peers:
            assert {peer.answer(stream) for stream in range(1, 400, 2)} == {CANCEL}
            peer.must_live()
        under.must_strike("stream-stall-timeout")
        under.idle()
        under.ended("RST CANCEL x 1,000")


def test_a_window_byte_by_byte_costs_no_memory(attack, large):
    with attack("window updates of 1 byte x 5,000 on 100 reports", memory=128 * MIB) as under:
        request = large(under.server)
        peer = under.connect(settings=[(INITIAL_WINDOW_SIZE, 0)])
        streams = range(1, 200, 2)
        for stream in streams:
            peer.send(frames.call(stream, COURSES) + frames.data(stream, request, end=True))
        peer.wait(lambda peer: all(each in peer.fields for each in streams), "the headers")
        for round_ in range(1, 51):
            peer.send(b"".join(frames.window_update(stream, 1) for stream in streams))
            peer.wait(lambda peer: peer.bytes_of_body == 100 * round_, "a byte on each stream")
        peer.must_live()
        under.ended("5,000 bytes served one by one")
