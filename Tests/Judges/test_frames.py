"""gRPC's rules for headers and frames, with h2's frames: what grpcio would never send."""

import gzip
import socket

import h2.config
import h2.connection
import h2.events
import pytest
from raw import Call, message
from tally.v1 import admin_pb2, reports_pb2

STATUS = "/tally.v1.AdminService/Status"
INGEST = "/tally.v1.IngestService/Ingest"
GZIP = [("grpc-encoding", "gzip"), ("grpc-accept-encoding", "identity, gzip")]


def test_a_call_that_fails_at_once_is_one_block_of_headers(server):
    with Call(server, "/no.such/Method") as call:
        call.send(message(), end=True).finish()

        assert call.ended
        assert call.headers[":status"] == "200"
        assert call.headers["grpc-status"] == "12"
        assert call.headers["grpc-accept-encoding"] == "identity,gzip"
        assert not call.trailers and not call.body


@pytest.mark.parametrize("path", ["/no.such/Method", STATUS, INGEST])
def test_a_client_that_still_sends_is_told_to_stop(server, path):
    with Call(server, path) as call:
        call.send(message(flag=9))
        call.finish()
        call.ended = False
        call.finish()

        assert call.status is not None
        assert call.reset == 0


def test_a_message_may_come_byte_by_byte_in_padded_frames(server):
    """More padding than any window: padding must be credited too."""
    request = admin_pb2.StatusRequest(tenant="t" * 20_000).SerializeToString()
    with Call(server, STATUS) as call:
        for byte in message(request):
            if call.h2.local_flow_control_window(call.stream) < 300:
                call.receive(lambda call: call.h2.local_flow_control_window(call.stream) > 300)
            call.h2.send_data(call.stream, bytes([byte]), pad_length=255)
            call._flush()
        call.h2.end_stream(call.stream)
        call._flush()
        call.finish()

        # The tenant is not there, or its name is too long: what counts is that it was read.
        assert call.status in (3, 5)


def test_frames_may_hold_several_messages_and_parts_of_them(server):
    body = message() * 5
    with Call(server, INGEST) as call:
        call.send(body[:3]).send(body[3:12]).send(body[12:], end=True).finish()

        assert call.status == 3


def test_a_compressed_request_gets_a_compressed_answer(server):
    request = admin_pb2.StatusRequest().SerializeToString()
    with Call(server, STATUS, headers=GZIP) as call:
        call.send(message(gzip.compress(request), flag=1), end=True).finish()

        assert call.status == 0
        assert call.headers["grpc-encoding"] == "gzip"
        flag, body = call.body[0], call.body[5:]
        plain = gzip.decompress(body) if flag else body
        assert admin_pb2.StatusResponse.FromString(plain).version


def test_an_answer_is_plain_for_a_client_that_does_not_list_gzip(server):
    request = gzip.compress(admin_pb2.StatusRequest().SerializeToString())
    with Call(server, STATUS, headers=GZIP[:1]) as call:
        call.send(message(request, flag=1), end=True).finish()

        assert call.status == 0
        assert "grpc-encoding" not in call.headers
        assert call.body[0] == 0


def test_the_parts_of_a_compressed_report_are_each_a_whole_gzip_stream(server, sample):
    options = reports_pb2.ReportOptions(min_revision=sample("french-meta"))
    request = reports_pb2.CoursesRequest(
        tenant="french-meta", options=options).SerializeToString()
    with Call(server, "/tally.v1.ReportService/Courses", headers=GZIP) as call:
        call.send(message(gzip.compress(request), flag=1), end=True).finish()

        assert call.status == 0
        rows = compressed = 0
        rest = call.body
        while rest:
            length = int.from_bytes(rest[1:5], "big")
            part = rest[5:5 + length]
            compressed += rest[0]
            part = gzip.decompress(part) if rest[0] else part
            rows += len(reports_pb2.CoursesResponse.FromString(part).rows)
            rest = rest[5 + length:]
        assert rows > 10
        assert compressed > 0


@pytest.mark.parametrize("size", [0, 1, 10])
def test_a_damaged_gzip_stream_is_internal(server, size):
    with Call(server, STATUS, headers=GZIP) as call:
        call.send(message(gzip.compress(b"x" * 100)[:size], flag=1), end=True).finish()

        assert call.status == 13


def raw_headers(server, fields):
    """The status of a Status call with these bytes as further fields; whether it was reset."""
    with socket.create_connection((server.host, server.port), timeout=20) as connection:
        client = h2.connection.H2Connection(h2.config.H2Configuration(
            client_side=True, header_encoding=None, validate_outbound_headers=False,
            normalize_outbound_headers=False))
        client.initiate_connection()
        client.send_headers(1, [
            (b":method", b"POST"), (b":scheme", b"http"), (b":path", STATUS.encode()),
            (b":authority", b"a"), (b"te", b"trailers"), (b"content-type", b"application/grpc"),
            *fields])
        client.send_data(1, message(), end_stream=True)
        connection.sendall(client.data_to_send())
        while True:
            data = connection.recv(65536)
            if not data:
                return None, True
            for event in client.receive_data(data):
                headers = dict(getattr(event, "headers", None) or ())
                if b"grpc-status" in headers:
                    return int(headers[b"grpc-status"]), False
                if isinstance(event, (h2.events.StreamReset, h2.events.ConnectionTerminated)):
                    return None, True
            connection.sendall(client.data_to_send())


@pytest.mark.parametrize("fields", [
    [(b"x-odd", bytes(range(0x80, 0x100)))], [(b"x-odd", b"\xc3")], [(b"x-odd", b" spaces ")],
    [(b"x-odd", b"")], [(b"x!#$%&'*+^`|~", b"tab\tinside")], [(b"x-bin", b"YQ==,YQ,")],
    [(b"x-a", b"1"), (b"x-a", b"2")], [(b"host", b"another")], [(b"grpc-unknown", b"\xff")],
])
def test_odd_but_legal_headers_do_not_fail_the_call(server, fields):
    assert raw_headers(server, fields) == (0, False)


@pytest.mark.parametrize("fields", [
    [(b"x-odd", b"a\0b")], [(b"x-odd", b"a\nb")], [(b"Upper", b"case")], [(b"te", b"gzip")],
    [(b"connection", b"close")],
])
def test_headers_that_http2_forbids_reset_the_stream(server, fields):
    assert raw_headers(server, fields) == (None, True)
