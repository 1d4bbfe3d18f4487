"""Compaction of a store in use, and a full map that grows by it."""

import collections
import os
import pathlib
import shutil
import signal
import subprocess
import threading

import grpc
import pytest
import samples
from faults import Faults
from google.protobuf.timestamp_pb2 import Timestamp
from reports import Reader
from tally.v1 import admin_pb2, admin_pb2_grpc, events_pb2, ingest_pb2, ingest_pb2_grpc
from tallyd import TIMEOUT, Tallyd, eventually

MIB = 1 << 20
COURSES = 20
BATCH = 1000
SOURCE = pathlib.Path(__file__).parent / "room/room.c"


def compact(server):
    """Lets the server compact; what it told, the summary last."""
    stub = admin_pb2_grpc.AdminServiceStub(server.channel)
    parts = list(stub.Compact(admin_pb2.CompactRequest(), timeout=TIMEOUT))
    assert [part.WhichOneof("part") for part in parts[:-1]] == ["progress"] * (len(parts) - 1)
    return parts[-1].summary


def attempt(number, seconds):
    return events_pb2.Event(
        occurred_at=Timestamp(seconds=seconds), attempt=events_pb2.AttemptFact(
            attempt_id=f"attempt-{number}", user_id=f"user-{number % 100}",
            course_id=f"course-{number % COURSES}"))


def course(number, seconds, text="Name"):
    return events_pb2.Event(
        occurred_at=Timestamp(seconds=seconds), course=events_pb2.CourseFact(
            course_id=f"course-{number}", name=text, status=events_pb2.COURSE_STATUS_ACTIVE,
            author_user_id="author"))


class Ingesting(threading.Thread):
    """A client that sends attempts, each of them twice, until it is told to stop."""

    def __init__(self, server):
        super().__init__()
        self.server = server
        self.stopping = threading.Event()
        self.answers = []
        self.sent = 0

    def requests(self):
        sequence = 0
        while not self.stopping.is_set():
            sequence += 1
            numbers = range(self.sent // 2, self.sent // 2 + 200)
            self.sent += 200
            yield ingest_pb2.IngestRequest(
                tenant="t", sequence=sequence, events=[attempt(each, 10) for each in numbers],
                answer_when=ingest_pb2.ANSWER_WHEN_APPLIED if sequence % 3 == 0 else 0)

    def run(self):
        stub = ingest_pb2_grpc.IngestServiceStub(self.server.channel)
        for answer in stub.Ingest(self.requests(), timeout=2 * TIMEOUT):
            self.answers.append(answer)

    def stop(self):
        self.stopping.set()
        self.join(TIMEOUT)
        assert not self.is_alive()


class Reading(threading.Thread):
    """A client that reads the courses again and again."""

    def __init__(self, server):
        super().__init__()
        self.reader = Reader(server, "t")
        self.stopping = threading.Event()
        self.reports = []
        self.failure = None

    def run(self):
        try:
            while not self.stopping.is_set():
                self.reports.append(self.reader.courses())
        except Exception as failure:  # told by the test
            self.failure = failure

    def stop(self):
        self.stopping.set()
        self.join(TIMEOUT)
        assert not self.is_alive()


def views(report):
    return {row.course_id: row.views for row in report.rows}


def test_a_store_is_compacted_while_one_client_ingests_and_another_reads(tmp_path):
    with Tallyd(tmp_path) as server:
        samples.ingest(server, "t", [course(each, 1) for each in range(COURSES)])
        for seconds in range(2, 8):
            sent = samples.ingest(server, "t", [attempt(each, seconds) for each in range(2000)])
        eventually(
            lambda: server.status().applied.position >= sent.position, "all of it is applied")
        first = compact(server)
        ingesting, reading = Ingesting(server), Reading(server)
        ingesting.start()
        reading.start()
        try:
            for _ in range(5):
                compact(server)
            eventually(lambda: len(reading.reports) > 3, "reports are read")
        finally:
            ingesting.stop()
            reading.stop()
        last = compact(server)
        revision = ingesting.answers[-1].revision
        report = Reader(server, "t", revision).courses()
        status = server.status()

    assert reading.failure is None
    # Every batch was answered, and all that was sent is counted once.
    assert len(ingesting.answers) * 200 == ingesting.sent
    numbers = max(2000, ingesting.sent // 2 + 100)
    counted = collections.Counter(f"course-{each % COURSES}" for each in range(numbers))
    assert views(report) == counted
    # What a reader saw never went back.
    positions = [each.header.revision.position for each in reading.reports]
    assert positions == sorted(positions)
    totals = [sum(views(each).values()) for each in reading.reports]
    assert totals == sorted(totals)
    assert first.file_size_after < first.file_size_before
    assert last.revision.position == revision.position
    assert status.store.compactions == 7
    assert not status.store.compaction_error
    assert not (tmp_path / "compact").exists()
    with Tallyd(tmp_path) as server:
        assert views(Reader(server, "t").courses()) == counted


# Each step of a compaction, in the order in which they come.
KILLS = [
    "write:*/compact/data.mdb:1:kill-after",
    "fsync:*/compact/data.mdb:1:kill-before",
    "fsync:*/compact:1:kill-after",
    "open:*/compact/lock.mdb:1:kill-after",
    "rename:*/data.mdb:1:kill-before",
    "rename:*/data.mdb:1:kill-after",
    "rename:*/lock.mdb:1:kill-after",
]


def filled(server, numbers):
    samples.ingest(server, "t", [course(each, 1) for each in range(COURSES)])
    samples.ingest(server, "t", [attempt(each, 5) for each in numbers])


def counted(server):
    """The views that the courses report has; 0 before the first batch."""
    eventually(lambda: server.status().lag_batches == 0, "the log is applied")
    if server.status().tenants == 0:
        return 0
    return sum(views(Reader(server, "t").courses()).values())


def test_a_server_killed_at_any_step_starts_with_all_it_acknowledged(tmp_path):
    data = tmp_path / "data"
    taken = 0
    for rule in KILLS:
        faults = Faults(tmp_path)
        with Tallyd(data, environment=faults.environment()) as server:
            assert counted(server) == taken
            assert not (data / "compact").exists()
            filled(server, range(taken, taken + 300))
            taken += 300
            faults.set(rule)
            with pytest.raises(grpc.RpcError):
                compact(server)
            assert server.process.wait(TIMEOUT) == -signal.SIGKILL, rule
            assert faults.acted() == 1
    with Tallyd(data) as server:
        assert counted(server) == taken
        assert not (data / "compact").exists()
        compact(server)


@pytest.mark.parametrize("rule", [
    "write:*/compact/data.mdb:1:errno=ENOSPC",
    "fsync:*/compact/data.mdb:1:errno=EIO",
    "open:*/compact/lock.mdb:1:errno=EMFILE",
    "mmap:*/compact/data.mdb:1:errno=ENOMEM",
    "rename:*/data.mdb:1:errno=EIO",
])
def test_a_compaction_that_fails_leaves_a_store_that_goes_on(tmp_path, rule):
    faults = Faults(tmp_path)
    data = tmp_path / "data"
    with Tallyd(data, environment=faults.environment()) as server:
        filled(server, range(300))
        faults.set(rule)
        with pytest.raises(grpc.RpcError) as refusal:
            compact(server)
        failed = server.status().store
        samples.ingest(server, "t", [attempt(each, 5) for each in range(300, 600)])
        assert counted(server) == 600
        compact(server)
        assert counted(server) == 600

    assert refusal.value.code() in (
        grpc.StatusCode.INTERNAL, grpc.StatusCode.RESOURCE_EXHAUSTED)
    assert str(tmp_path) not in refusal.value.details()
    assert failed.compaction_error
    assert not (data / "compact").exists()


class Room:
    """A disk of the size that a test says, for servers with this environment."""

    def __init__(self, folder, total):
        self.path = folder / "room"
        compiler = next(filter(shutil.which, ("clang", "cc", "gcc")), None)
        assert compiler, "no C compiler: install clang or gcc"
        library = folder / "room.so"
        subprocess.run(
            [compiler, "-std=gnu11", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o",
             str(library), str(SOURCE)], check=True)
        self.environment = dict(
            os.environ, LD_PRELOAD=str(library), TALLY_ROOM=str(self.path))
        self.set(total)

    def set(self, total):
        new = self.path.with_suffix(".new")
        new.write_text(str(total))
        new.rename(self.path)


def courses(status):
    return next(fact.count for fact in status.facts if fact.fact == "course")


def fill(server, first):
    """Sends courses until the server refuses them; how many it took, and the refusal."""
    stub = ingest_pb2_grpc.IngestServiceStub(server.channel)
    number = first
    while number - first < 500_000:
        request = ingest_pb2.IngestRequest(
            tenant="t", sequence=1, answer_when=ingest_pb2.ANSWER_WHEN_APPLIED,
            events=[course(each, 1, "n" * 1000) for each in range(number, number + BATCH)])
        try:
            assert [answer.taken for answer in stub.Ingest(iter([request]))] == [BATCH]
        except grpc.RpcError as refusal:
            return number, refusal
        number += BATCH
    raise AssertionError("it is never full")


def test_a_full_map_grows_without_a_restart_once_the_disk_has_room(tmp_path):
    room = Room(tmp_path, 100 * MIB)
    data = tmp_path / "data"
    with Tallyd(data, environment=room.environment) as server:
        taken, refusal = fill(server, 0)
        full = server.status()
        read = Reader(server, "t").courses(course_ids=["course-1", f"course-{taken - 1}"])

        room.set(8 << 30)
        eventually(lambda: server.status().store.map_size > 1 << 30, "the map grows")
        eventually(lambda: not server.status().fold_error, "the fold goes on")
        samples.ingest(server, "t", [course(each, 2) for each in range(1000)])
        eventually(lambda: server.status().lag_batches == 0, "all is applied")
        status = server.status()

    assert refusal.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert full.store.map_size == 64 * MIB
    assert full.store.used_size > 32 * MIB
    assert len(read.rows) == 2
    # The batch that was refused may be in the log: then it is counted once there is room.
    assert courses(status) in (taken, taken + BATCH)
    assert status.store.compactions >= 1
    assert status.lag_batches == 0


def test_a_map_that_the_operator_bounds_stays_full_and_says_so(tmp_path):
    with Tallyd(tmp_path, "--map-size", "8M") as server:
        taken, refusal = fill(server, 0)
        status = server.status()
        read = Reader(server, "t").courses(course_ids=["course-1", f"course-{taken - 1}"])
    with Tallyd(tmp_path, "--map-size", "1G") as server:
        eventually(lambda: server.status().lag_batches == 0, "all is applied")
        after = server.status()

    assert refusal.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "--map-size allows 8388608 bytes" in status.fold_error
    assert status.store.map_size == 8 * MIB
    assert status.store.compactions == 0
    assert len(read.rows) == 2
    assert courses(after) in (taken, taken + BATCH)
