"""Calls every method of EchoService with grpcio and checks how each call ends.

Usage: grpcio_calls.py PORT. Prints one line a check and exits 1 if one failed.
"""

import sys
import threading

import grpc

channel = grpc.insecure_channel(f"127.0.0.1:{sys.argv[1]}")
failures = []


def check(name, condition, seen=""):
    print(("ok   " if condition else "FAIL ") + name, "" if condition else repr(seen))
    if not condition:
        failures.append(name)


def status_of(call):
    try:
        return call(), grpc.StatusCode.OK
    except grpc.RpcError as error:
        return error, error.code()


say = channel.unary_unary("/test.Echo/Say")
fail = channel.unary_unary("/test.Echo/Fail")
count = channel.unary_stream("/test.Echo/Count")
flood = channel.unary_stream("/test.Echo/Flood")
wait = channel.unary_stream("/test.Echo/Wait")
collect = channel.stream_unary("/test.Echo/Collect")
chat = channel.stream_stream("/test.Echo/Chat")

check("unary", say(b"hello") == b"hello")
check("unary empty", say(b"") == b"")
check("unary 1 MB", say(b"x" * 1_000_000) == b"x" * 1_000_000)

reply, call = say.with_call(
    b"m", metadata=(("x-initial", "a b"), ("x-trailing-bin", b"\x00\xff\x03")))
check("initial metadata", ("x-initial", "a b") in call.initial_metadata(), call.initial_metadata())
check("trailing metadata", ("x-trailing-bin", b"\x00\xff\x03") in call.trailing_metadata(),
      call.trailing_metadata())

metadata = (("x-echo-all", "1"), ("x-a", "1"), ("x-b", "2"), ("x-a", "3"),
            ("x-c-bin", bytes(range(256))), ("x-c-bin", b""))
reply, call = say.with_call(b"m", metadata=metadata)
echoed = [(key, value) for key, value in call.initial_metadata() if key.startswith("x-")]
check("metadata in order, names repeated, every byte", echoed == list(metadata), echoed)

for code in grpc.StatusCode:
    number, name = code.value
    if number == 0:
        continue
    error, seen = status_of(lambda: fail(bytes([number]) + "100 % größe\t🙂".encode()))
    check(f"status {name}", seen == code and error.details() == "100 % größe\t🙂", error)

check("server stream", list(count(b"1000")) == [str(n).encode() for n in range(1000)])
received = []
error, seen = status_of(lambda: [received.append(m) for m in count(b"5!")])
check("server stream that fails", seen == grpc.StatusCode.DATA_LOSS and len(received) == 5, error)
error, seen = status_of(lambda: list(count(b"many")))
check("server stream refused", seen == grpc.StatusCode.INVALID_ARGUMENT, error)
check("flood", sum(len(m) for m in flood(b"20000")) == 20_000_000)

check("client stream", collect(iter([b"one ", b"two ", b"three"])) == b"one two three")
check("client stream of nothing", collect(iter([])) == b"")
check("client stream 20 MB", len(collect(b"y" * 100_000 for _ in range(30))) == 3_000_000)
check("bidirectional", list(chat(iter([b"a", b"b", b"c"]))) == [b"a", b"b", b"c"])
error, seen = status_of(lambda: list(chat(iter([b"a", b"stop", b"b"]))))
check("bidirectional that fails", seen == grpc.StatusCode.ABORTED, error)

error, seen = status_of(lambda: channel.unary_unary("/test.Echo/Nothing")(b""))
check("unknown method", seen == grpc.StatusCode.UNIMPLEMENTED, error)
error, seen = status_of(lambda: channel.unary_unary("/nothing")(b""))
check("unknown service", seen == grpc.StatusCode.UNIMPLEMENTED, error)
error, seen = status_of(lambda: say(b"z" * (4 * 1024 * 1024 + 1)))
check("oversized message", seen == grpc.StatusCode.RESOURCE_EXHAUSTED, error)
error, seen = status_of(lambda: list(chat(iter([b"z" * (4 * 1024 * 1024 + 1)]))))
check("oversized message in a stream", seen == grpc.StatusCode.RESOURCE_EXHAUSTED, error)
error, seen = status_of(lambda: say(b"m", metadata=(("x-large", "v" * 7000), ("x-2", "v" * 3000))))
check("oversized metadata", seen == grpc.StatusCode.RESOURCE_EXHAUSTED, error)
compressible = b"compressible " * 100_000
reply, call = say.with_call(compressible, compression=grpc.Compression.Gzip)
check("compressed request and reply", reply == compressible)
check("compressed stream",
      len(collect(iter([compressible] * 3), compression=grpc.Compression.Gzip)) == 3_900_000)
check("compressed both ways, message by message",
      list(chat(iter([compressible, b"a", compressible]), compression=grpc.Compression.Gzip))
      == [compressible, b"a", compressible])
error, seen = status_of(lambda: say(bytes(4 * 1024 * 1024 + 1), compression=grpc.Compression.Gzip))
check("oversized once inflated", seen == grpc.StatusCode.RESOURCE_EXHAUSTED, error)
error, seen = status_of(
    lambda: list(chat(iter([bytes(4 * 1024 * 1024 + 1)]), compression=grpc.Compression.Gzip)))
check("oversized once inflated, in a stream", seen == grpc.StatusCode.RESOURCE_EXHAUSTED, error)
error, seen = status_of(lambda: say(b"m" * 100, compression=grpc.Compression.Deflate))
check("deflate", seen == grpc.StatusCode.UNIMPLEMENTED, error)
check("compression: the server says what it takes", "identity,gzip" in error.details(), error)
error, seen = status_of(lambda: channel.stream_stream("/test.Echo/Say")(iter([b"1", b"2"])).__next__())
check("two requests to a unary method", seen == grpc.StatusCode.UNIMPLEMENTED, error)
error, seen = status_of(lambda: channel.stream_stream("/test.Echo/Say")(iter([])).__next__())
check("no request to a unary method", seen == grpc.StatusCode.UNIMPLEMENTED, error)

error, seen = status_of(lambda: list(wait(b"", timeout=0.2)))
check("deadline", seen == grpc.StatusCode.DEADLINE_EXCEEDED, error)
error, seen = status_of(lambda: list(wait(b"speak", timeout=0.2)))
check("deadline after a message", seen == grpc.StatusCode.DEADLINE_EXCEEDED, error)
call = wait(b"speak")
next(call)
call.cancel()
error, seen = status_of(lambda: next(call))
check("cancel", seen == grpc.StatusCode.CANCELLED, error)
call = flood(b"1000000000")
for _ in range(1000):
    next(call)
call.cancel()
check("still alive after a cancelled flood", say(b"alive") == b"alive")

threads = [threading.Thread(target=lambda: [say(b"t") for _ in range(100)]) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
for _ in range(2000):
    call = wait(b"")
    call.cancel()
check("alive after 2,000 cancelled calls", say(b"alive") == b"alive")

print(f"{len(failures)} failed")
sys.exit(1 if failures else 0)
