"""Calls that end otherwise than well, each in the documented status."""

import threading

import grpc
import pytest
from raw import Call, message
from tally.v1 import (
    admin_pb2, admin_pb2_grpc, events_pb2, ingest_pb2, ingest_pb2_grpc, reports_pb2,
    reports_pb2_grpc)
from tallyd import TIMEOUT, eventually

STATUS = "/tally.v1.AdminService/Status"
INGEST = "/tally.v1.IngestService/Ingest"
WATCH = "/grpc.health.v1.Health/Watch"
CANCEL = 8


def raw_unary(server, path, request):
    """Sends bytes that no message type has seen."""
    call = server.channel.unary_unary(
        path, request_serializer=lambda data: data, response_deserializer=lambda data: data)
    return call(request, timeout=TIMEOUT)


def code_of(call):
    with pytest.raises(grpc.RpcError) as error:
        call()
    return error.value.code()


@pytest.mark.parametrize("path", ["/tally.v1.AdminService/NoSuchMethod", "/no.such.Service/Status"])
def test_an_unknown_method_or_service_is_unimplemented(server, path):
    assert code_of(lambda: raw_unary(server, path, b"")) == grpc.StatusCode.UNIMPLEMENTED


def test_a_message_above_four_mebibytes_is_resource_exhausted(server):
    stub = admin_pb2_grpc.AdminServiceStub(server.channel)
    request = admin_pb2.StatusRequest(tenant="t" * (4 << 20))

    assert code_of(lambda: stub.Status(request, timeout=TIMEOUT)) == grpc.StatusCode.RESOURCE_EXHAUSTED


def test_an_oversized_batch_is_refused_at_its_prefix(server):
    with Call(server, INGEST) as call:
        call.send(message(length=(4 << 20) + 1)).finish()

        assert call.status == grpc.StatusCode.RESOURCE_EXHAUSTED.value[0]


def test_a_batch_of_more_than_ten_thousand_events_is_an_invalid_argument(server):
    stub = ingest_pb2_grpc.IngestServiceStub(server.channel)
    request = ingest_pb2.IngestRequest(tenant="many", events=[events_pb2.Event()] * 10_001)

    code = code_of(lambda: list(stub.Ingest(iter([request]), timeout=TIMEOUT)))

    assert code == grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("tenant", ["", "t" * 129, "a\0b"])
def test_a_batch_without_a_good_tenant_is_an_invalid_argument(server, tenant):
    stub = ingest_pb2_grpc.IngestServiceStub(server.channel)
    request = ingest_pb2.IngestRequest(tenant=tenant, events=[events_pb2.Event()])

    code = code_of(lambda: list(stub.Ingest(iter([request]), timeout=TIMEOUT)))

    assert code == grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("request_bytes", [
    b"\x0a\x02\xff\xfe", b"\x0a\x02\xc0\x80", b"\x0a\x03\xed\xa0\x80", b"\x0a\x05abc", b"\x0a",
    b"\xff" * 11,
], ids=["not-utf8", "overlong", "surrogate", "short-field", "no-length", "long-varint"])
def test_bytes_that_are_not_the_message_are_internal(server, request_bytes):
    code = code_of(lambda: raw_unary(server, STATUS, request_bytes))

    assert code == grpc.StatusCode.INTERNAL


def test_text_of_an_event_that_is_not_utf8_ends_the_stream_with_internal(server):
    event = events_pb2.Event(group=events_pb2.GroupFact(group_id="g", name="Groupe"))
    good = ingest_pb2.IngestRequest(tenant="text", events=[event]).SerializeToString()
    with Call(server, INGEST) as call:
        call.send(message(good.replace(b"Groupe", b"Gr\xffupe")), end=True).finish()

        assert call.status == grpc.StatusCode.INTERNAL.value[0]


def test_half_a_message_is_internal(server):
    with Call(server, STATUS) as call:
        call.send(message(b"\x0a\x02ab")[:7], end=True).finish()

        assert call.headers[":status"] == "200"
        assert call.status == grpc.StatusCode.INTERNAL.value[0]


def test_half_a_prefix_is_internal(server):
    with Call(server, STATUS) as call:
        call.send(b"\0\0", end=True).finish()

        assert call.status == grpc.StatusCode.INTERNAL.value[0]


def test_a_message_said_to_be_compressed_without_an_encoding_is_internal(server):
    with Call(server, STATUS) as call:
        call.send(message(flag=1), end=True).finish()

        assert call.status == grpc.StatusCode.INTERNAL.value[0]


def test_an_unknown_encoding_is_unimplemented_and_says_which_are_known(server):
    with Call(server, STATUS, headers=[("grpc-encoding", "snappy")]) as call:
        call.send(message(flag=1), end=True).finish()

        assert call.status == grpc.StatusCode.UNIMPLEMENTED.value[0]
        assert "grpc-accept-encoding" in {**call.headers, **call.trailers}


@pytest.mark.parametrize("body", [b"", message() + message()], ids=["none", "two"])
def test_a_unary_call_has_exactly_one_message(server, body):
    with Call(server, STATUS, end=not body) as call:
        if body:
            call.send(body, end=True)
        call.finish()

        assert call.status == grpc.StatusCode.UNIMPLEMENTED.value[0]


@pytest.mark.parametrize("content_type", [
    None, "text/plain", "application/grpc-web", "application/grpc+unknown"])
def test_another_content_type_is_http_415(server, content_type):
    with Call(server, STATUS, content_type=content_type) as call:
        call.send(message(), end=True).finish()

        assert call.headers[":status"] == "415"


@pytest.mark.parametrize("content_type", ["application/grpc+proto", "application/grpc;charset=x"])
def test_content_types_of_grpc_are_taken(server, content_type):
    with Call(server, STATUS, content_type=content_type) as call:
        call.send(message(), end=True).finish()

        assert call.status == grpc.StatusCode.OK.value[0]


def test_another_verb_is_http_405(server):
    with Call(server, STATUS, method="GET", end=True) as call:
        call.finish()

        assert call.headers[":status"] == "405"


def test_a_malformed_timeout_is_refused_and_the_longest_is_taken(server):
    for value, status in (("1x", 13), ("", 13), ("123456789S", 13), ("99999999H", 0)):
        with Call(server, STATUS, headers=[("grpc-timeout", value)]) as call:
            call.send(message(), end=True).finish()

            assert call.status == status, value


def test_a_deadline_ends_the_call_on_the_client(server):
    stub = ingest_pb2_grpc.IngestServiceStub(server.channel)
    ended = threading.Event()

    def nothing():
        ended.wait(20)
        yield from ()

    try:
        code = code_of(lambda: list(stub.Ingest(nothing(), timeout=0.3)))
    finally:
        ended.set()

    assert code == grpc.StatusCode.DEADLINE_EXCEEDED


def test_the_server_keeps_the_deadline_by_itself(server):
    with Call(server, WATCH, headers=[("grpc-timeout", "300m")]) as call:
        call.send(message(), end=True).finish()

        if call.reset is None:
            assert call.status == grpc.StatusCode.DEADLINE_EXCEEDED.value[0]
        else:
            assert call.reset == CANCEL


def test_a_cancelled_report_stops_its_work(server, sample):
    options = reports_pb2.ReportOptions(
        max_rows_per_part=1, min_revision=sample("french-meta"))
    idle = server.status()
    stub = reports_pb2_grpc.ReportServiceStub(server.channel)
    request = reports_pb2.CoursesRequest(tenant="french-meta", options=options)

    call = stub.Courses(request, timeout=TIMEOUT)
    next(call)
    call.cancel()

    assert code_of(lambda: list(call)) == grpc.StatusCode.CANCELLED
    eventually(
        lambda: server.status().open_calls <= idle.open_calls, "the cancelled call is over")
    eventually(
        lambda: server.status().readers.open_transactions == 0, "its snapshot is given back")


def test_two_thousand_cancelled_calls_leave_the_connection_whole(server):
    idle = server.status().open_calls
    stub = ingest_pb2_grpc.IngestServiceStub(server.channel)
    ended = threading.Event()

    def nothing():
        ended.wait(60)
        yield from ()

    try:
        for _ in range(200):
            for call in [stub.Ingest(nothing()) for _ in range(10)]:
                call.cancel()
    finally:
        ended.set()

    assert server.status().version
    eventually(lambda: server.status().open_calls <= idle, "all cancelled calls are over")


def test_metadata_with_odd_values_is_taken(server):
    stub = admin_pb2_grpc.AdminServiceStub(server.channel)
    metadata = (("x-one", "1"), ("x-one", "2"), ("x-bytes-bin", bytes(range(256))))

    assert stub.Status(admin_pb2.StatusRequest(), metadata=metadata, timeout=TIMEOUT).version


def test_too_much_metadata_is_resource_exhausted(server):
    stub = admin_pb2_grpc.AdminServiceStub(server.channel)
    metadata = (("x-much", "m" * 12_000),)

    code = code_of(lambda: stub.Status(admin_pb2.StatusRequest(), metadata=metadata, timeout=TIMEOUT))

    assert code == grpc.StatusCode.RESOURCE_EXHAUSTED
