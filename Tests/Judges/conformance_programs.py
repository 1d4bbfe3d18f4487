"""Our conformance program in both roles, spoken to as the suite's runner does: messages on stdin
and stdout, each behind its length in four bytes, the highest first.
"""

import os
import pathlib
import queue
import subprocess
import threading

from connectrpc.conformance.v1 import conformance_pb2 as suite

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("CONFORMANCE", str(ROOT / ".build/debug/conformance"))
TIMEOUT = 60


class Role:
    """A process in one role, which is ended as the runner does it."""

    def __init__(self, role, answer):
        self.process = subprocess.Popen(
            [PROGRAM, role], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.answers = queue.Queue()
        threading.Thread(target=self._read, args=(answer,), daemon=True).start()

    def _read(self, answer):
        while len(prefix := self.process.stdout.read(4)) == 4:
            body = self.process.stdout.read(int.from_bytes(prefix, "big"))
            self.answers.put(answer.FromString(body))

    def ask(self, message):
        body = message.SerializeToString()
        self.process.stdin.write(len(body).to_bytes(4, "big") + body)
        self.process.stdin.flush()
        return self.answers.get(timeout=TIMEOUT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.stdin.close()
        try:
            self.process.wait(timeout=TIMEOUT)
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()


class Server(Role):
    """Listens when it is made; `fields` are those of ServerCompatRequest."""

    def __init__(self, **fields):
        super().__init__("server", suite.ServerCompatResponse)
        self.address = self.ask(suite.ServerCompatRequest(**fields))


class Client(Role):
    def __init__(self):
        super().__init__("client", suite.ClientCompatResponse)

    def call(self, server, name, stream_type, *requests, **fields):
        """Makes one call and gives its ClientResponseResult."""
        packed = [
            suite.Packed(
                type_url=f"type.googleapis.com/{request.DESCRIPTOR.full_name}",
                value=request.SerializeToString())
            for request in requests]
        answer = self.ask(suite.ClientCompatRequest(
            test_name=name, host=server.address.host, port=server.address.port,
            server_tls_cert=server.address.pem_cert,
            service="connectrpc.conformance.v1.ConformanceService", method=name,
            stream_type=stream_type, request_messages=packed, **fields))
        assert answer.test_name == name
        assert answer.WhichOneof("result") == "response", answer
        return answer.response
