"""A grpcio server that fails calls in ways a client may retry; prints its port, ends with stdin.

The request says what to do: "N CODE PUSHBACK" fails the first N attempts. The reply is what the
server was told of attempts before the last one.
"""

import collections
import sys
from concurrent import futures

import grpc

attempts = collections.Counter()


def fail(request, context):
    times, code, pushback = request.decode().split()
    attempts[request] += 1
    if attempts[request] > int(times):
        told = dict(context.invocation_metadata()).get("grpc-previous-rpc-attempts", "none")
        return f"{told} of {attempts[request]}".encode()
    if pushback != "none":
        context.set_trailing_metadata((("grpc-retry-pushback-ms", pushback),))
    context.abort(grpc.StatusCode[code], "not now")


def main():
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    handler = grpc.unary_unary_rpc_method_handler(fail)
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("test.Flaky", {"Fail": handler}),)
    )
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    sys.stdin.read()
    server.stop(None)


main()
