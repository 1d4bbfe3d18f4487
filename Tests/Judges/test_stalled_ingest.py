"""Clients that stall in large reports while others send events: no old page is kept for them.

Two runs in one test, without stalled readers and with them. Of the times nothing is asserted unless
TALLY_STALLED_TIMES is set: on a machine that does other things they say nothing.
"""

import json
import os
import subprocess
import threading
import time

import samples
from raw import Call, message
from tally.v1 import ingest_pb2, ingest_pb2_grpc, reports_pb2
from tallyd import ROOT, Tallyd, eventually
from test_slow_readers import course

BENCH = os.environ.get("TALLY_BENCH", str(ROOT / ".build/release/tally-bench"))
EVENTS = int(os.environ.get("TALLY_STALLED_EVENTS", 300_000))
READERS = int(os.environ.get("TALLY_STALLED_READERS", 20))
TIMES = os.environ.get("TALLY_STALLED_TIMES")
# A report of about 5 MB, far more than windows and ring hold.
COURSES = 20_000
# The server ends a report whose client took nothing for 30 s.
STALL_SECONDS = 31
MIB = 1 << 20


class Stalled(threading.Thread):
    """So many readers that take the first rows and stop; who is thrown out comes again."""

    def __init__(self, server, count):
        super().__init__(daemon=True)
        self.server = server
        self.count = count
        self.over = threading.Event()
        self.begun = 0
        self.oldest = self.spool = 0

    def run(self):
        calls = []
        request = reports_pb2.CoursesRequest(tenant="large").SerializeToString()
        try:
            while not self.over.wait(0.05):
                now = time.monotonic()
                for opened, call in calls:
                    if now - opened > STALL_SECONDS:
                        call.close()
                calls = [each for each in calls if now - each[0] <= STALL_SECONDS]
                if len(calls) < self.count:
                    call = Call(self.server, "/tally.v1.ReportService/Courses")
                    call.send(message(request), end=True)
                    call.receive(lambda call: len(call.body) > 30_000, acknowledge=False)
                    calls.append((now, call))
                    self.begun += 1
                readers = self.server.status().readers
                self.oldest = max(self.oldest, readers.oldest_transaction.ToMilliseconds())
                self.spool = max(self.spool, readers.spool_size)
        finally:
            for _, call in calls:
                call.close()

    def stop(self):
        self.over.set()
        self.join()


class Acknowledged(threading.Thread):
    """Another client: one event at a time, and how long each answer took."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.stub = ingest_pb2_grpc.IngestServiceStub(server.connect())
        self.over = threading.Event()
        self.seconds = []

    def run(self):
        began = []

        def requests():
            number = 0
            while not self.over.wait(0.02):
                number += 1
                event = course(number, 1_700_000_000)
                began.append(time.monotonic())
                yield ingest_pb2.IngestRequest(tenant="other", sequence=number, events=[event])

        for answer in self.stub.Ingest(requests()):
            self.seconds.append(time.monotonic() - began[answer.sequence - 1])

    def stop(self):
        """The 99th percentile in milliseconds."""
        self.over.set()
        self.join()
        ordered = sorted(self.seconds)
        return ordered[int(len(ordered) * 0.99)] * 1000


def ingest(server):
    """All events by tally-bench; what it measured."""
    host, port = server.host, server.port
    run = subprocess.run(
        [BENCH, "ingest", "--events", str(EVENTS), "--batch", "1000", "--under-way", "8",
         "--stream", "--json", "--host", host, "--port", str(port)],
        check=True, capture_output=True, text=True)
    return json.loads(run.stdout)


def measured(path, readers):
    with Tallyd(path) as server:
        batches = samples.batches(range(COURSES), 5000)
        samples.send(server, [
            ingest_pb2.IngestRequest(
                tenant="large", sequence=number,
                events=[course(each, 1_700_000_000) for each in batch])
            for number, batch in enumerate(batches)])
        eventually(lambda: server.status().lag_batches == 0, "the courses are applied")
        stalled = Stalled(server, readers)
        other = Acknowledged(server)
        stalled.start()
        eventually(lambda: stalled.begun >= readers or not stalled.is_alive(), "readers stall")
        other.start()
        figures = ingest(server)
        p99 = other.stop()
        begun, alive = stalled.begun, stalled.is_alive()
        stalled.stop()
        # The last look at the file is at most a second old, the size itself is the file's.
        size = server.stored()
        print(f"\n{readers} stalled readers ({begun} in all): file {size / MIB:.1f} MiB, "
              f"p99 {p99:.1f} ms of {len(other.seconds)}, "
              f"{figures['applied_events_per_s']} events/s, oldest transaction "
              f"{stalled.oldest} ms, spool {stalled.spool / MIB:.0f} MiB")
        assert alive, "the stalled readers ended"
        assert begun >= readers
        return size, p99, stalled


def test_stalled_readers_keep_no_pages_and_delay_no_acknowledgement(tmp_path):
    alone_size, alone_p99, _ = measured(tmp_path / "alone", 0)
    size, p99, stalled = measured(tmp_path / "stalled", READERS)

    assert size < 2 * alone_size
    assert stalled.spool > 0, "the readers should have gone to the spool"
    if TIMES:
        assert p99 < 2 * alone_p99
