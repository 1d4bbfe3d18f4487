"""Clients that only look like attackers (wire.md, section 3): they are not cut off."""

import itertools
import re
import shutil
import subprocess
import threading

import frames
import grpc
import pytest
from attack import MIB
from frames import INGEST, WATCH
from tally.v1 import ingest_pb2_grpc
from tallyd import eventually

RESOURCE_EXHAUSTED = 8


def assert_no_limit_struck(under):
    struck = {each.name: each.strikes for each in under.server.status().limits if each.strikes}
    assert not struck, struck


def test_five_thousand_cancelled_calls_in_a_row_are_no_attack(attack):
    with attack("5,000 calls cancelled in a row, raw", memory=32 * MIB) as under:
        peer = under.connect()
        for stream in range(1, 10_000, 2):
            assert peer.send(frames.call(stream, WATCH) + frames.reset(stream))
        peer.must_live()
        under.idle()
        assert_no_limit_struck(under)


def test_five_thousand_cancelled_calls_of_grpcio_keep_their_connection(attack):
    with attack("5,000 calls cancelled in a row, grpcio", memory=32 * MIB) as under:
        channel = under.server.connect()
        states = []
        ready = threading.Event()

        def changed(state):
            states.append(state)
            if state == grpc.ChannelConnectivity.READY:
                ready.set()

        channel.subscribe(changed, try_to_connect=True)
        assert ready.wait(20)
        states.clear()
        stub = ingest_pb2_grpc.IngestServiceStub(channel)
        ended = threading.Event()

        def nothing():
            ended.wait(60)
            yield from ()

        try:
            for _ in range(250):
                for call in [stub.Ingest(nothing()) for _ in range(20)]:
                    call.cancel()
        finally:
            ended.set()
        under.idle()
        assert not states, states
        assert_no_limit_struck(under)
        channel.close()
        under.ended("connection kept")


def test_a_client_at_full_speed_strikes_no_limit(attack, tmp_path_factory):
    program = shutil.which("h2load")
    assert program, "h2load is missing: Scripts/install --judges installs nghttp2-client"
    body = tmp_path_factory.mktemp("body") / "request"
    body.write_bytes(bytes(5))
    calls = 20_000
    with attack("h2load, 20,000 calls on 4 connections", memory=48 * MIB) as under:
        said = subprocess.run(
            [program, "-n", str(calls), "-c", "4", "-m", "100", "-d", str(body),
             "-H", "content-type: application/grpc", "-H", "te: trailers",
             f"http://{under.server.address}{frames.STATUS}"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=True)
        assert re.search(rf"{calls} succeeded, 0 failed, 0 errored, 0 timeout", said.stdout)
        assert_no_limit_struck(under)
        rate = re.search(r"finished in [^,]*, ([^,]*)", said.stdout).group(1)
        under.ended(f"all answered, {rate}")


@pytest.mark.parametrize("path", [INGEST, WATCH])
def test_handlers_of_cancelled_calls_count_until_they_end(attack, path):
    row = f"running handlers, {path.rpartition('/')[2]} (max-running-handlers 10)"
    with attack(row, "--limit", "max-running-handlers=10", memory=32 * MIB) as under:
        peer = under.connect()
        request = b"" if path == INGEST else bytes(5)
        for stream in range(1, 41, 2):
            peer.send(frames.call(stream, path))
            if request:
                peer.send(frames.data(stream, request, end=True))
        # The first ten run, for nothing ends them; the others are refused.
        assert {peer.status(stream) for stream in range(21, 41, 2)} == {RESOURCE_EXHAUSTED}
        assert not any(peer.answered(stream) for stream in range(1, 21, 2))
        for stream in range(1, 21, 2):
            peer.send(frames.reset(stream))
        # A cancelled handler gives its place back when it has ended, a moment later.
        later = itertools.count(41, 2)

        def runs():
            stream = next(later)
            peer.send(frames.call(stream, path) + frames.data(stream, request, end=bool(request)))
            peer.must_live()
            return not peer.answered(stream)

        eventually(runs, "there is room again")
        under.must_strike("max-running-handlers")
        under.ended("10 run, 10 refused; room again after the end of the first")
