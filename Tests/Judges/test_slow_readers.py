"""200 clients that stop reading in the middle of a large report."""

import os
import time

import pytest
import samples
from google.protobuf.timestamp_pb2 import Timestamp
from raw import Call, message
from reports import Reader
from tally.v1 import events_pb2, ingest_pb2, reports_pb2
from tallyd import Tallyd, eventually

COURSES = int(os.environ.get("TALLY_SLOW_COURSES", 150_000))
CLIENTS = 200
SPOOL_QUOTA = 4 << 30
MIB = 1 << 20


def course(number, seconds):
    return events_pb2.Event(
        occurred_at=Timestamp(seconds=seconds), course=events_pb2.CourseFact(
            course_id=f"course-{number:08}", name=f"Course number {number} of a large school",
            author_user_id=f"author-{number % 1000}", source_language="fr",
            status=events_pb2.COURSE_STATUS_ACTIVE, tags=["geometry", f"tag-{number % 500}"],
            available_languages=["en", "de", "es"]))


def requests(numbers, seconds):
    for sequence, batch in enumerate(samples.batches(numbers, 5000)):
        yield ingest_pb2.IngestRequest(
            tenant="large", sequence=sequence, events=[course(each, seconds) for each in batch])


@pytest.fixture
def large(tmp_path):
    with Tallyd(tmp_path) as server:
        revision = samples.send(server, requests(range(COURSES), 1_700_000_000))[-1].revision
        options = reports_pb2.ReportOptions(min_revision=revision)
        yield server, reports_pb2.CoursesRequest(tenant="large", options=options)


def stalled(server, request):
    """A call whose client took the first bytes of rows and reads no more."""
    call = Call(server, "/tally.v1.ReportService/Courses")
    return call.send(message(request.SerializeToString()), end=True)


def change(server, round_):
    """A newer version of every seventh course: rewrites every page of the courses."""
    rounds = requests(range(round_ % 7, COURSES, 7), 1_700_000_000 + round_)
    return samples.send(server, rounds)[-1].revision


def test_slow_readers_cost_bounded_memory_store_and_spool_and_harm_nobody(large):
    server, request = large
    alone = Reader(server, "large", request.options.min_revision).courses()
    assert len(alone.rows) == COURSES
    before, memory = server.stored(), server.memory()

    calls = [stalled(server, request) for _ in range(CLIENTS)]
    try:
        for call in calls[:8]:
            call.receive(lambda call: len(call.body) > 30_000, acknowledge=False)
        begun = sum(len(call.body) > 30_000 for call in calls[:8])
        seen = Seen(server)
        for round_ in (1, 2, 3):
            change(server, round_)
            seen.look()
        # Every report lies in the spool now, or was refused for want of room in it.
        eventually(lambda: seen.look().open_transactions == 0, "the snapshots are given back")
        settled = server.stored()
        for round_ in (4, 5, 6, 7):
            revision = change(server, round_)
            seen.look()
        hanging = server.status().open_calls
        began = time.monotonic()
        unharmed = Reader(server, "large", revision).courses()
        took = time.monotonic() - began
        print(f"memory {memory} to {seen.memory}, spool {seen.spool}, oldest {seen.oldest} s, "
              f"store {before}, {settled}, {server.stored()}, {hanging} hang, {took:.1f} s")

        assert begun and hanging > 1, "the clients should hang"
        assert len(unharmed.rows) == COURSES
        assert took < 60
        assert seen.memory - memory < 256 * MIB
        assert seen.spool <= SPOOL_QUOTA
        # No snapshot waits for a client. One that did would cost the courses' pages every round.
        assert seen.oldest < 15
        assert server.stored() - settled < before
    finally:
        for call in calls:
            call.close()
    # Their files and snapshots go with them.
    eventually(lambda: server.unlinked() == 0, "the spool is empty")
    eventually(lambda: server.status().readers.open_transactions == 0, "no snapshot is open")


class Seen:
    """The most of everything that was seen."""

    def __init__(self, server):
        self.server = server
        self.memory = self.spool = self.oldest = 0

    def look(self):
        readers = self.server.status().readers
        self.memory = max(self.memory, self.server.memory())
        self.spool = max(self.spool, self.server.unlinked(), readers.spool_size)
        self.oldest = max(self.oldest, readers.oldest_transaction.seconds)
        return readers
