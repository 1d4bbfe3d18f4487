"""Our conformance client against our conformance server: that both still do what the runner of
connectrpc's suite asks of them. The suite itself, which is the judge, is no package that could be
installed here.
"""

import time

import pytest
from conformance_programs import Client, Server, suite
from interop_programs import certificates

UNARY = suite.STREAM_TYPE_UNARY
CLIENT_STREAM = suite.STREAM_TYPE_CLIENT_STREAM
SERVER_STREAM = suite.STREAM_TYPE_SERVER_STREAM
HALF_DUPLEX = suite.STREAM_TYPE_HALF_DUPLEX_BIDI_STREAM
FULL_DUPLEX = suite.STREAM_TYPE_FULL_DUPLEX_BIDI_STREAM
CANCELLED, DEADLINE_EXCEEDED, NOT_FOUND, RESOURCE_EXHAUSTED = 1, 4, 5, 8
UNIMPLEMENTED, UNAUTHENTICATED = 12, 16
LIMIT = 200_000

FIELDS = [suite.Header(name="x-twice", value=["a", "b"]),
          suite.Header(name="x-bytes-bin", value=["AAH/gA=="])]


@pytest.fixture(scope="module")
def server():
    with Server(message_receive_limit=LIMIT) as running:
        yield running


@pytest.fixture(scope="module")
def client():
    with Client() as running:
        yield running


def one(data=b"reply", **fields):
    return suite.UnaryResponseDefinition(response_data=data, **fields)


def many(*data, **fields):
    return suite.StreamResponseDefinition(response_data=data, **fields)


def values(headers):
    return {header.name: list(header.value) for header in headers}


def data(result):
    return [payload.data for payload in result.payloads]


def requests_seen(payload, kind):
    return [kind.FromString(packed.value) for packed in payload.request_info.requests]


def test_metadata_goes_both_ways(client, server):
    definition = one(response_headers=FIELDS, response_trailers=FIELDS)
    request = suite.UnaryRequest(response_definition=definition)

    result = client.call(server, "Unary", UNARY, request, request_headers=FIELDS)

    assert not result.HasField("error")
    assert data(result) == [b"reply"]
    seen = result.payloads[0].request_info
    assert requests_seen(result.payloads[0], suite.UnaryRequest) == [request]
    assert not seen.HasField("timeout_ms")
    for headers in (seen.request_headers, result.response_headers, result.response_trailers):
        for name, value in values(FIELDS).items():
            assert values(headers)[name] == value


def test_an_error_brings_its_details(client, server):
    detail = suite.Packed(type_url="type.googleapis.com/google.protobuf.Empty")
    error = suite.Error(code=NOT_FOUND, message="no such thing: %\n☺", details=[detail])
    request = suite.UnaryRequest(response_definition=suite.UnaryResponseDefinition(error=error))

    result = client.call(server, "Unary", UNARY, request)

    assert (result.error.code, result.error.message) == (error.code, error.message)
    assert result.error.details[0] == detail
    info = suite.ConformancePayload.RequestInfo.FromString(result.error.details[1].value)
    assert info.requests[0].value == request.SerializeToString()


@pytest.mark.parametrize("compression", [suite.COMPRESSION_IDENTITY, suite.COMPRESSION_GZIP])
def test_messages_up_to_the_limit_arrive(client, server, compression):
    reply = bytes(100_000)
    request = suite.UnaryRequest(response_definition=one(reply), request_data=bytes(90_000))

    result = client.call(server, "Unary", UNARY, request, compression=compression)

    assert data(result) == [reply]


def test_a_request_over_the_servers_limit_is_refused(client, server):
    for compression in (suite.COMPRESSION_IDENTITY, suite.COMPRESSION_GZIP):
        request = suite.UnaryRequest(request_data=bytes(LIMIT))

        result = client.call(server, "Unary", UNARY, request, compression=compression)

        assert result.error.code == RESOURCE_EXHAUSTED


def test_a_reply_over_the_clients_limit_is_refused(client, server):
    request = suite.UnaryRequest(response_definition=one(bytes(20_000)))

    result = client.call(server, "Unary", UNARY, request, message_receive_limit=20_000)

    assert result.error.code == RESOURCE_EXHAUSTED


def test_a_deadline_travels_and_passes(client, server):
    request = suite.UnaryRequest(response_definition=one())
    slow = suite.UnaryRequest(response_definition=one(response_delay_ms=20_000))

    seen = client.call(server, "Unary", UNARY, request, timeout_ms=30_000)
    started = time.monotonic()
    late = client.call(server, "Unary", UNARY, slow, timeout_ms=50)

    assert 0 < seen.payloads[0].request_info.timeout_ms <= 30_000
    assert late.error.code == DEADLINE_EXCEEDED
    assert time.monotonic() - started < 15


def test_a_method_that_is_not_there(client, server):
    result = client.call(server, "Unimplemented", UNARY, suite.UnaryRequest())

    assert result.error.code == UNIMPLEMENTED


def test_a_server_streams_and_ends_in_an_error(client, server):
    definition = many(b"a", b"b", b"c", error=suite.Error(code=NOT_FOUND, message="no more"))
    request = suite.ServerStreamRequest(response_definition=definition)

    result = client.call(server, "ServerStream", SERVER_STREAM, request)

    assert data(result) == [b"a", b"b", b"c"]
    assert [payload.HasField("request_info") for payload in result.payloads] == [True, False, False]
    assert (result.error.code, result.error.message) == (NOT_FOUND, "no more")


@pytest.mark.parametrize("count", [0, 3])
def test_a_client_streams(client, server, count):
    requests = [suite.ClientStreamRequest(request_data=b"x" * number) for number in range(count)]
    if requests:
        requests[0].response_definition.CopyFrom(one())

    result = client.call(
        server, "ClientStream", CLIENT_STREAM, *requests, compression=suite.COMPRESSION_GZIP)

    assert data(result) == [b"reply" if requests else b""]
    assert requests_seen(result.payloads[0], suite.ClientStreamRequest) == requests


@pytest.mark.parametrize("kind", [HALF_DUPLEX, FULL_DUPLEX])
def test_both_stream(client, server, kind):
    requests = [suite.BidiStreamRequest(request_data=b"x" * number) for number in range(3)]
    requests[0].response_definition.CopyFrom(many(b"a", b"b", b"c", b"d"))
    requests[0].full_duplex = kind == FULL_DUPLEX

    result = client.call(server, "BidiStream", kind, *requests)

    assert data(result) == [b"a", b"b", b"c", b"d"]
    seen = [requests_seen(payload, suite.BidiStreamRequest) for payload in result.payloads]
    if kind == FULL_DUPLEX:
        assert seen == [[request] for request in requests] + [[]]
    else:
        assert seen == [requests, [], [], []]


@pytest.mark.parametrize("cancel", [
    suite.ClientCompatRequest.Cancel(before_close_send={}),
    suite.ClientCompatRequest.Cancel(after_close_send_ms=5)])
def test_a_client_cancels_what_it_sent(client, server, cancel):
    definition = one(response_delay_ms=20_000)
    request = suite.ClientStreamRequest(response_definition=definition)

    result = client.call(server, "ClientStream", CLIENT_STREAM, request, cancel=cancel)

    assert result.error.code == CANCELLED
    assert data(result) == []


def test_a_client_cancels_after_two_replies(client, server):
    definition = many(b"a", b"b", b"c", response_delay_ms=50)
    request = suite.ServerStreamRequest(response_definition=definition)
    cancel = suite.ClientCompatRequest.Cancel(after_num_responses=2)

    result = client.call(server, "ServerStream", SERVER_STREAM, request, cancel=cancel)

    assert result.error.code == CANCELLED
    assert data(result) == [b"a", b"b"]


@pytest.mark.parametrize("is_pinned", [False, True])
def test_calls_over_tls_with_certificates_on_both_sides(client, tmp_path, is_pinned):
    certificates(tmp_path)

    def credentials(name):
        return suite.TLSCreds(
            cert=(tmp_path / f"{name}.pem").read_bytes(),
            key=(tmp_path / f"{name}.key").read_bytes())

    # The suite's own certificates vouch for themselves and are no CAs.
    roots = {name: (tmp_path / f"{name if is_pinned else 'ca'}.pem").read_bytes()
             for name in ("server", "client")}
    request = suite.UnaryRequest(response_definition=one())
    with Server(use_tls=True, server_creds=credentials("server"),
                client_tls_cert=roots["client"]) as server:
        server.address.pem_cert = roots["server"]
        known = client.call(
            server, "Unary", UNARY, request, client_tls_creds=credentials("client"))
        stranger = client.call(
            server, "Unary", UNARY, request, client_tls_creds=credentials("server"))
        nobody = client.call(server, "Unary", UNARY, request)

    assert data(known) == [b"reply"]
    # The other one is for servers, or is not the one that is known.
    assert stranger.error.code == UNAUTHENTICATED
    assert nobody.error.code == UNAUTHENTICATED
