"""The server's side of grpc/doc/interop-test-descriptions.md with grpcio.

grpcio shows a handler neither the flag of a message nor the call's grpc-encoding, so this server
has no CompressedRequest.
"""

import concurrent.futures
import time

import grpc
from grpc.testing import empty_pb2, messages_pb2, test_pb2_grpc

ECHO_INITIAL = "x-grpc-test-echo-initial"
ECHO_TRAILING = "x-grpc-test-echo-trailing-bin"
CODES = {code.value[0]: code for code in grpc.StatusCode}


def echo_metadata(context):
    metadata = context.invocation_metadata()
    context.send_initial_metadata([(k, v) for k, v in metadata if k == ECHO_INITIAL])
    context.set_trailing_metadata([(k, v) for k, v in metadata if k == ECHO_TRAILING])


def echo_status(request, context):
    status = request.response_status
    if request.HasField("response_status"):
        context.abort(CODES[status.code], status.message)


class TestService(test_pb2_grpc.TestServiceServicer):
    """What is not here is UNIMPLEMENTED, by the class above."""

    def EmptyCall(self, request, context):
        return empty_pb2.Empty()

    def UnaryCall(self, request, context):
        # Before the headers, which name the encoding.
        if request.response_compressed.value:
            context.set_compression(grpc.Compression.Gzip)
        echo_metadata(context)
        echo_status(request, context)
        return messages_pb2.SimpleResponse(
            payload=messages_pb2.Payload(body=bytes(request.response_size)))

    def StreamingInputCall(self, requests, context):
        return messages_pb2.StreamingInputCallResponse(
            aggregated_payload_size=sum(len(request.payload.body) for request in requests))

    def StreamingOutputCall(self, request, context):
        if any(parameters.compressed.value for parameters in request.response_parameters):
            context.set_compression(grpc.Compression.Gzip)
        echo_metadata(context)
        yield from self._replies(request, context)

    def FullDuplexCall(self, requests, context):
        echo_metadata(context)
        for request in requests:
            yield from self._replies(request, context)

    def _replies(self, request, context):
        echo_status(request, context)
        for parameters in request.response_parameters:
            if parameters.interval_us:
                time.sleep(parameters.interval_us / 1e6)
            if not parameters.compressed.value:
                context.disable_next_message_compression()
            yield messages_pb2.StreamingOutputCallResponse(
                payload=messages_pb2.Payload(body=bytes(parameters.size)))


class Server:
    """A running server on a free port; leaving the `with` stops it."""

    def __init__(self, tls=None):
        self.tls = tls

    def __enter__(self):
        self.pool = concurrent.futures.ThreadPoolExecutor(max_workers=16)
        self.server = grpc.server(self.pool)
        test_pb2_grpc.add_TestServiceServicer_to_server(TestService(), self.server)
        self.address = f"127.0.0.1:{self._bind('127.0.0.1:0')}"
        self.server.start()
        return self

    def __exit__(self, *_):
        self.server.stop(grace=1).wait()
        self.pool.shutdown()

    def _bind(self, address):
        if self.tls is None:
            return self.server.add_insecure_port(address)
        pair = ((self.tls / "server.key").read_bytes(), (self.tls / "server.pem").read_bytes())
        return self.server.add_secure_port(address, grpc.ssl_server_credentials(
            [pair], (self.tls / "ca.pem").read_bytes(), require_client_auth=True))
