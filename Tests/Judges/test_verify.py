"""Verify of the real tallyd: while events come, over planted damage, and when a page kills."""

import os
import pathlib
import struct
import subprocess
import threading

import grpc
import pytest
import samples
from google.protobuf.timestamp_pb2 import Timestamp
from reports import Reader, crc32c
from tally.v1 import admin_pb2, admin_pb2_grpc, events_pb2
from tallyd import PROGRAM, TIMEOUT, Tallyd, eventually

TALLY = os.environ.get("TALLY", str(pathlib.Path(PROGRAM).with_name("tally")))
PAGE = 4096
BATCHES = 100
SAMPLE = sorted(path.name for path in samples.FIXTURES.iterdir() if path.is_dir())[0]


def verify(server, **request):
    """All parts, by their names, and the summary."""
    stub = admin_pb2_grpc.AdminServiceStub(server.channel)
    parts = {"progress": [], "difference": [], "repaired": [], "summary": []}
    for response in stub.Verify(admin_pb2.VerifyRequest(**request), timeout=TIMEOUT):
        name = response.WhichOneof("part")
        parts[name].append(getattr(response, name))
    assert len(parts["summary"]) == 1
    return parts, parts["summary"][0]


def tally(server, *arguments):
    return subprocess.run(
        [TALLY, *arguments, "--server", server.address], capture_output=True, text=True,
        timeout=TIMEOUT)


def attempt(number):
    return events_pb2.Event(
        occurred_at=Timestamp(seconds=1_700_000_000 + number), attempt=events_pb2.AttemptFact(
            attempt_id=f"attempt-{number}", user_id=f"user-{number % 997}",
            activity_id=f"activity-{number % 101}", course_id=f"course-{number % 11}"))


def comment(number):
    return events_pb2.Event(
        occurred_at=Timestamp(seconds=1_700_000_000 + number), comment=events_pb2.CommentFact(
            comment_id=f"comment-{number}", user_id=f"user-{number % 997}",
            activity_id=f"activity-{number % 101}", course_id=f"course-{number % 11}"))


def records(data, key, size):
    """Where the values of `size` bytes at `key` lie whose checksum is right: in every page of the
    file that has or had them."""
    at = data.find(key)
    while at >= 0:
        low, high, flags, key_size = struct.unpack_from("<HHHH", data, at - 8)
        value = at + key_size
        if key_size == len(key) and flags == 0 and low | high << 16 == size:
            body = data[value:value + size - 4]
            if crc32c(key + bytes(body)) == struct.unpack_from("<I", data, value + size - 4)[0]:
                yield value
        at = data.find(key, at + 1)


def write(path, data, at, count):
    """Writes in place: the server has the file mapped."""
    with open(path, "r+b") as file:
        file.seek(at)
        file.write(data[at:at + count])


def change_counter(store, course, views):
    """Writes a wrong number of views of a course, under a right checksum."""
    path = store / "data.mdb"
    data = bytearray(path.read_bytes())
    key = b"\0\0\0\1" + course.encode()
    found = list(records(data, key, 44))
    assert found
    for value in found:
        struct.pack_into("<I", data, value + 8, views)
        checksum = crc32c(key + bytes(data[value:value + 40]))
        struct.pack_into("<I", data, value + 40, checksum)
        write(path, data, value, 44)


def test_finds_nothing_while_events_come(tmp_path):
    with Tallyd(tmp_path) as server:
        failures = []
        verified = threading.Event()

        def send(kind):
            try:
                for batch in range(BATCHES):
                    if batch == BATCHES // 2:
                        verified.wait(TIMEOUT)
                    events = [kind(batch * 100 + each) for each in range(100)]
                    samples.ingest(server, "t", events)
            except Exception as failure:  # noqa: BLE001: told by the test below
                failures.append(failure)

        senders = [threading.Thread(target=send, args=(kind,)) for kind in (attempt, comment)]
        for sender in senders:
            sender.start()
        revisions = []
        while any(sender.is_alive() for sender in senders) or len(set(revisions)) < 2:
            parts, summary = verify(server)
            assert not parts["difference"], parts["difference"]
            assert summary.differences == summary.remaining == summary.repaired == 0
            revisions.append(summary.revision.position)
            verified.set()
        for sender in senders:
            sender.join()
        assert not failures
        assert revisions == sorted(revisions)
        wait_applied(server)
        parts, summary = verify(server, tenant="t")
        assert {part.step for part in parts["progress"]} >= {
            admin_pb2.VERIFY_STEP_COPYING, admin_pb2.VERIFY_STEP_RECORDS}
        assert summary.differences == 0 and summary.log_events == 2 * BATCHES * 100
    assert not (tmp_path / "verify").exists()


def test_finds_and_repairs_a_wrong_counter(tmp_path):
    with Tallyd(tmp_path) as server:
        revision = samples.ingest(server, "default", samples.events(SAMPLE))
        wait_applied(server)
        rows = Reader(server, "default", revision).courses().rows
        course = next(row for row in rows if row.views)
        assert tally(server, "verify").returncode == 0
        change_counter(tmp_path, course.course_id, course.views + 5)

        parts, summary = verify(server, tenant="default")
        found = [each for each in parts["difference"] if each.table == "course_counts"]
        assert [each.key for each in found] == [f"'{course.course_id}'"]
        assert found[0].stored.startswith(f"views {course.views + 5},")
        assert found[0].expected.startswith(f"views {course.views},")
        assert all(each.repairable for each in parts["difference"])
        assert summary.remaining == summary.differences == len(parts["difference"])

        told = tally(server, "verify")
        assert told.returncode == 1, told.stderr
        assert f"default: course_counts '{course.course_id}': is views {course.views + 5}," \
            in told.stdout
        mended = tally(server, "verify", "--repair")
        assert mended.returncode == 0, mended.stdout + mended.stderr
        assert "repaired: wrong: default: course_counts" in mended.stdout
        assert mended.stdout.splitlines()[-1].endswith(" 0 remain")
        assert tally(server, "verify").returncode == 0
        assert Reader(server, "default", revision).courses().rows == rows


def test_facts_that_are_damaged_are_told_and_not_touched(tmp_path):
    with Tallyd(tmp_path) as server:
        samples.ingest(server, "t", [attempt(each) for each in range(50)])
        wait_applied(server)
        path = tmp_path / "data.mdb"
        data = bytearray(path.read_bytes())
        at = data.find(b"attempt-7\0")
        assert at > 0
        while at > 0:
            # Behind the key: the version.
            data[at + 10] ^= 1
            write(path, data, at + 10, 1)
            at = data.find(b"attempt-7\0", at + 1)

        parts, summary = verify(server, repair=True)
        assert any(
            each.table == "attempt" and "attempt-7" in each.key
            and each.kind == admin_pb2.DIFFERENCE_KIND_DAMAGED
            and "restore a backup" in each.expected for each in parts["difference"])
        assert not any(each.repairable for each in parts["difference"])
        assert not parts["repaired"] and summary.repaired == 0
        assert summary.remaining == summary.differences
        told = tally(server, "verify", "--repair")
        assert told.returncode == 1 and "restore a backup" in told.stdout


def test_a_page_that_no_search_gets_past_harms_no_server(tmp_path):
    with Tallyd(tmp_path) as server:
        samples.ingest(server, "t", [comment(1), attempt(1)])
        wait_applied(server)
        path = tmp_path / "data.mdb"
        data = bytearray(path.read_bytes())
        # The one leaf page of table `comment` says that it is a branch page with one key: liblmdb
        # gives up on those ("NUMKEYS(mp) > 1") if it gets so far.
        changed = 0
        at = data.find(b"\0\0\0\1\4comment-1\0")
        while at > 0:
            page = at // PAGE * PAGE
            if struct.unpack_from("<H", data, page + 10)[0] == 2:
                struct.pack_into("<H", data, page + 10, 1)
                write(path, data, page + 10, 2)
                changed += 1
            at = data.find(b"\0\0\0\1\4comment-1\0", at + 1)
        assert changed

        parts, summary = verify(server)
        assert len(parts["difference"]) == summary.remaining == 1
        assert parts["difference"][0].kind in (
            admin_pb2.DIFFERENCE_KIND_CRASH, admin_pb2.DIFFERENCE_KIND_DAMAGED)
        assert "restore a backup" in parts["difference"][0].expected
        # Still there, and takes what does not touch that page.
        assert samples.ingest(server, "t", [attempt(2)]).position > 2


def wait_applied(server):
    durable = server.status().durable_position
    eventually(
        lambda: server.status().applied.position >= durable, "all of it in the reports")


def test_refuses_what_is_not_there(server):
    with pytest.raises(grpc.RpcError) as refused:
        verify(server, tenant="nobody at all")
    assert refused.value.code() == grpc.StatusCode.NOT_FOUND
