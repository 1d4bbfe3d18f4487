"""The compression cases byte by byte, which no library shows its caller: h2 calls our server."""

import gzip
import struct

import pytest
from grpc.testing import messages_pb2
from interop_programs import Program
from raw import Call, message

PATH = "/grpc.testing.TestService/"
GZIP = [("grpc-encoding", "gzip"), ("grpc-accept-encoding", "identity,gzip")]
ACCEPT = [("grpc-accept-encoding", "deflate, gzip")]
OK, INVALID_ARGUMENT = 0, 3


@pytest.fixture(scope="module")
def server():
    with Program("ours") as running:
        yield running


def flag(value):
    return messages_pb2.BoolValue(value=value)


def payload(size):
    return messages_pb2.Payload(body=bytes(size))


def plain(request):
    return message(request.SerializeToString())


def packed(request):
    return message(gzip.compress(request.SerializeToString()), flag=1)


def call(server, method, requests, headers=()):
    with Call(server, PATH + method, headers=headers) as made:
        body = b"".join(requests)
        # A frame holds 16,384 bytes.
        for start in range(0, len(body), 16384):
            made.send(body[start:start + 16384])
        return made.send(b"", end=True).finish()


def replies(body, kind):
    """The flag and the message of each reply."""
    found = []
    while body:
        compressed, length = struct.unpack(">BI", body[:5])
        content, body = body[5:5 + length], body[5 + length:]
        found.append((compressed, kind.FromString(
            gzip.decompress(content) if compressed else content)))
    return found


@pytest.mark.parametrize("compressed", [True, False])
def test_server_compressed_unary(server, compressed):
    request = messages_pb2.SimpleRequest(response_size=314159, response_compressed=flag(compressed))
    done = call(server, "UnaryCall", [plain(request)], ACCEPT)

    assert done.status == OK
    [(seen, reply)] = replies(done.body, messages_pb2.SimpleResponse)
    assert seen == compressed
    assert len(reply.payload.body) == 314159
    assert done.headers.get("grpc-encoding", "identity") == ("gzip" if compressed else "identity")


def test_a_reply_is_not_compressed_for_who_does_not_take_it(server):
    request = messages_pb2.SimpleRequest(response_size=314159, response_compressed=flag(True))
    done = call(server, "UnaryCall", [plain(request)])

    assert done.status == OK
    [(seen, reply)] = replies(done.body, messages_pb2.SimpleResponse)
    assert (seen, len(reply.payload.body)) == (0, 314159)
    assert "grpc-encoding" not in done.headers


def test_server_compressed_streaming(server):
    request = messages_pb2.StreamingOutputCallRequest(response_parameters=[
        messages_pb2.ResponseParameters(size=31415, compressed=flag(True)),
        messages_pb2.ResponseParameters(size=92653, compressed=flag(False))])
    done = call(server, "StreamingOutputCall", [plain(request)], ACCEPT)

    assert done.status == OK
    seen = replies(done.body, messages_pb2.StreamingOutputCallResponse)
    assert [(compressed, len(reply.payload.body)) for compressed, reply in seen] == [
        (1, 31415), (0, 92653)]


@pytest.mark.parametrize("expected, encode, status", [
    (True, plain, INVALID_ARGUMENT), (True, packed, OK), (False, plain, OK),
    (False, packed, INVALID_ARGUMENT),
], ids=["probe", "compressed", "plain", "compressed-unasked"])
def test_client_compressed_unary(server, expected, encode, status):
    request = messages_pb2.SimpleRequest(
        response_size=314159, payload=payload(27182), expect_compressed=flag(expected))
    done = call(server, "UnaryCall", [encode(request)], GZIP)

    assert done.status == status


def test_client_compressed_streaming(server):
    compressed = messages_pb2.StreamingInputCallRequest(
        payload=payload(27182), expect_compressed=flag(True))
    uncompressed = messages_pb2.StreamingInputCallRequest(
        payload=payload(45904), expect_compressed=flag(False))

    probe = call(server, "StreamingInputCall", [plain(compressed)], GZIP)
    assert probe.status == INVALID_ARGUMENT
    done = call(server, "StreamingInputCall", [packed(compressed), plain(uncompressed)], GZIP)
    assert done.status == OK
    [(_, reply)] = replies(done.body, messages_pb2.StreamingInputCallResponse)
    assert reply.aggregated_payload_size == 73086
