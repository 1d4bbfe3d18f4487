"""Header blocks that are too large or odd (wire.md, sections 1.1 and 3)."""

import base64

import frames
import grpc
import pytest
from attack import MIB
from frames import ENHANCE_YOUR_CALM, INTERNAL_ERROR, STATUS
from tally.v1 import admin_pb2, admin_pb2_grpc

OK, RESOURCE_EXHAUSTED, INTERNAL = 0, 8, 13


def bomb(stream):
    """135 KB in eight blocks' worth of CONTINUATION that are 500 MB of fields when unpacked."""
    first = frames.block(frames.request()) + frames.literal("x-bomb", "b" * 4000, indexed=True)
    yield frames.headers(stream, first, whole=False)
    for _ in range(7):
        yield frames.continuation(stream, b"\xbe" * 16_384)
    yield frames.continuation(stream, b"\xbe" * 16_384, whole=True)


def test_an_hpack_bomb_is_reset(attack):
    with attack("HPACK bomb, 135 KB of 500 MB", memory=16 * MIB) as under:
        peer = under.connect()
        peer.flood(bomb(1))
        assert peer.answer(1) == INTERNAL_ERROR
        peer.must_live()


def test_hpack_bombs_one_after_another_end_the_connection(attack):
    with attack("HPACK bombs x 1,000", memory=16 * MIB, seconds=60) as under:
        peer = under.connect()
        peer.flood(piece for stream in range(1, 2000, 2) for piece in bomb(stream))
        peer.must_end(ENHANCE_YOUR_CALM, "too_many_invalid_frames")


def test_a_header_list_above_the_limit_is_resource_exhausted(attack, hardened):
    with attack("9 KiB of metadata", server=hardened, memory=16 * MIB) as under:
        peer = under.connect()
        fields = frames.request(extra=[("x-much", "m" * 9 * 1024)])
        peer.send(frames.headers(1, frames.block(fields)) + frames.data(1, bytes(5), end=True))
        assert peer.status(1) == RESOURCE_EXHAUSTED
        peer.must_live()
        under.ended("status RESOURCE_EXHAUSTED")


def test_a_header_list_of_a_mebibyte_is_refused(attack, hardened):
    with attack("1 MiB of metadata", server=hardened, memory=16 * MIB) as under:
        peer = under.connect()
        whole = frames.block(frames.request(extra=[("x-much", "m" * 16_000)] * 64))
        peer.send(frames.headers(1, whole[:16_384], whole=False))
        peer.flood(frames.continuation(1, whole[at:at + 16_384], whole=at + 16_384 >= len(whole))
                   for at in range(16_384, len(whole), 16_384))
        assert peer.answer(1) == INTERNAL_ERROR
        peer.must_live()


@pytest.mark.parametrize("size", [9 << 10, 1 << 20], ids=["9 KiB", "1 MiB"])
def test_too_much_metadata_of_grpcio_fails_its_call_only(attack, hardened, size):
    name = "9 KiB" if size < MIB else "1 MiB"
    with attack(f"{name} of metadata by grpcio", server=hardened, memory=16 * MIB) as under:
        channel = hardened.connect(**{"grpc.max_metadata_size": 4 * MIB})
        stub = admin_pb2_grpc.AdminServiceStub(channel)
        with pytest.raises(grpc.RpcError) as error:
            stub.Status(admin_pb2.StatusRequest(), metadata=(("x-much", "m" * size),), timeout=20)
        assert error.value.code() in (
            grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.INTERNAL,
            grpc.StatusCode.UNAVAILABLE)
        assert stub.Status(admin_pb2.StatusRequest(), timeout=20, wait_for_ready=True).version
        channel.close()
        under.ended(f"status {error.value.code().name}")


ODD = {
    "bytes 0x80-0xFF in a value": ([("x-bytes", bytes(range(0x80, 0x100)))], OK),
    "every printable byte in a value": ([("x-print", bytes(range(0x21, 0x7F)))], OK),
    "an odd but legal name": ([("x-~!#$&'*^`|", "1")], OK),
    "-bin that is no Base64": ([("x-bad-bin", "*&^%")], INTERNAL),
    "-bin of impossible length": ([("x-bad-bin", "AAAAA")], INTERNAL),
    "-bin of 0x80-0xFF": ([("x-bad-bin", bytes(range(0x80, 0xA0)))], INTERNAL),
    "-bin, two values with a comma": (
        [("x-good-bin", base64.b64encode(b"a") + b"," + base64.b64encode(b"bb"))], OK),
    "empty -bin": ([("x-good-bin", "")], OK),
    "grpc-timeout with an unknown unit": ([("grpc-timeout", "1x")], INTERNAL),
    "negative grpc-timeout": ([("grpc-timeout", "-1S")], INTERNAL),
    "grpc-timeout of 9 digits": ([("grpc-timeout", "123456789S")], INTERNAL),
    "grpc-timeout of high bytes": ([("grpc-timeout", b"\xff\xfeS")], INTERNAL),
    "the longest grpc-timeout": ([("grpc-timeout", "99999999H")], OK),
    "grpc-message in a request": ([("grpc-message", "%zz%%%F")], OK),
    "grpc-status in a request": ([("grpc-status", "7")], OK),
    "grpc-encoding of high bytes": ([("grpc-encoding", b"\xff\xfe")], 12),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_header_has_its_status(attack, hardened, name):
    extra, status = ODD[name]
    with attack(name, server=hardened, memory=16 * MIB) as under:
        peer = under.connect()
        peer.send(frames.call(1, STATUS, extra) + frames.data(1, bytes(5), end=True))
        assert peer.status(1) == status
        peer.must_live()
        under.ended(f"status {status}")
