"""Backup and restore: what comes back, and what is refused."""

import concurrent.futures
import pathlib
import random
import struct
import subprocess
import threading

import grpc
import pytest
import samples
import tallyd
from faults import Faults
from google.protobuf import json_format
from reports import Reader, crc32c
from tally.v1 import admin_pb2, admin_pb2_grpc, events_pb2, ingest_pb2, ingest_pb2_grpc
from tallyd import TIMEOUT, Tallyd, eventually

GROUP = '{"occurredAt":"2024-03-01T10:00:00Z","group":{"groupId":"g","name":"One"}}'


def backup_call(server):
    stub = admin_pb2_grpc.AdminServiceStub(server.channel)
    return stub.Backup(admin_pb2.BackupRequest(), timeout=TIMEOUT)


def collect(parts, header):
    """The file's bytes, checked against the trailer."""
    parts = list(parts)
    content = b"".join(part.content for part in parts)
    assert all(not part.HasField("header") for part in parts)
    trailer = parts[-1].trailer
    assert trailer.complete and trailer.size == header.size == len(content)
    assert trailer.digest == crc32c(content)
    return content


def take(server):
    parts = iter(backup_call(server))
    header = next(parts).header
    return header, collect(parts, header)


def restore(file, data, environment=None):
    return subprocess.run(
        [tallyd.PROGRAM, "restore", str(file), "--data", str(data)], env=environment,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT)


def numbers(server, tenant, revision=None):
    """All of some reports: rows and digests."""
    reader = Reader(server, tenant, revision)
    reports = [reader.courses(), reader.groups(), reader.groups(include_subgroups=True)]
    reports += [
        reader.course_activities(course_id=row.course_id) for row in reports[0].rows[:20]]
    return [
        ([row.SerializeToString(deterministic=True) for row in report.rows], report.trailer.digest)
        for report in reports]


def parse(content):
    """The layout of backup.md, by a reader that shares no code with Tally's."""
    magic, form, data_format, rules, store, timeline, position, _, _, size, block = struct.unpack(
        "<8sH6xHH16sIQqqQI", content[:76])
    assert (magic, form, data_format, rules, block) == (b"TALLYBAK", 1, 2, 2, 65536)
    assert content[76:124] == bytes(48)
    (seed,) = struct.unpack("<I", content[124:128])
    assert seed == crc32c(content[:124])
    data, place = b"", 128
    while len(data) < size:
        piece = content[place:place + min(block, size - len(data))]
        (checksum,) = struct.unpack_from("<I", content, place + len(piece))
        assert checksum == crc32c(struct.pack("<Q", len(data)) + piece, seed)
        data += piece
        place += len(piece) + 4
    end, length, digest, again, zeros, last = struct.unpack("<8sQIIII", content[place:])
    assert (end, length, zeros, again) == (b"TALLYEND", len(content), 0, seed)
    assert digest == crc32c(content[:place])
    assert last == crc32c(content[place:-4])
    return store, timeline, position, data


def test_a_backup_during_ingest_restores_to_the_reports_of_its_revision(tmp_path):
    events = samples.events("french-meta")[:20_000]
    batches = list(samples.batches(events, 50))
    with Tallyd(tmp_path / "store") as server:
        stub = ingest_pb2_grpc.IngestServiceStub(server.channel)
        streaming, half = threading.Event(), threading.Event()

        def requests():
            for number, batch in enumerate(batches, start=1):
                if number == len(batches) // 2:
                    half.set()
                    assert streaming.wait(TIMEOUT)
                yield ingest_pb2.IngestRequest(tenant="t", sequence=number, events=batch)

        with concurrent.futures.ThreadPoolExecutor() as pool:
            answers = pool.submit(lambda: list(stub.Ingest(requests(), timeout=TIMEOUT)))
            assert half.wait(TIMEOUT)
            eventually(lambda: server.status().applied.position > 10, "some batches applied")
            parts = iter(backup_call(server))
            header = next(parts).header
            # The rest is not read before the second half was written.
            streaming.set()
            answers = answers.result(TIMEOUT)
        content = collect(parts, header)
        eventually(
            lambda: server.status().newest_backup.position == header.revision.position,
            "the backup is noted")
        later = numbers(server, "t", answers[-1].revision)

    assert header.revision.position < answers[-1].revision.position
    store, timeline, position, _ = parse(content)
    assert (store, timeline, position) == (
        header.revision.store_id, header.revision.timeline, header.revision.position)
    file = tmp_path / "file"
    file.write_bytes(content)
    result = restore(file, tmp_path / "restored")
    assert result.returncode == 0, result.stderr
    held = [
        batch for batch, answer in zip(batches, answers, strict=True)
        if answer.revision.position <= position]
    with Tallyd(tmp_path / "again") as again, Tallyd(tmp_path / "restored") as restored:
        revision = [
            *samples.send(again, (
                ingest_pb2.IngestRequest(tenant="t", sequence=number, events=batch)
                for number, batch in enumerate(held, start=1)))][-1].revision
        expected = numbers(again, "t", revision)
        assert numbers(restored, "t") == expected
        assert expected != later
        status = restored.status()
        assert status.applied.position == position
        assert status.applied.store_id == header.revision.store_id
        assert status.applied.timeline > header.revision.timeline
        with pytest.raises(grpc.RpcError) as refused:
            Reader(restored, "t", answers[0].revision).courses()
        assert refused.value.code() == grpc.StatusCode.FAILED_PRECONDITION
        assert "timeline" in refused.value.details()
        # It goes on: the events behind the backup, sent again.
        samples.ingest(restored, "t", [event for batch in batches for event in batch])
        eventually(
            lambda: restored.status().lag_batches == 0 and numbers(restored, "t") == later,
            "the restored store has caught up")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A backup of one event, and the directory that it is of."""
    folder = tmp_path_factory.mktemp("tiny")
    with Tallyd(folder / "store") as server:
        samples.ingest(server, "t", [json_format.Parse(GROUP, events_pb2.Event())])
        eventually(lambda: server.status().lag_batches == 0, "the event is applied")
        _, content = take(server)
    file = folder / "file"
    file.write_bytes(content)
    return file


def assert_refused(file, data):
    result = restore(file, data)
    assert result.returncode == 1, f"{file.name}: {result.stdout}"
    assert result.stderr.startswith("tallyd: ") and result.stderr.count("\n") == 1, result.stderr
    assert str(file) in result.stderr
    assert not data.exists()


def test_a_damaged_or_cut_file_is_refused_and_nothing_is_made(tiny, tmp_path):
    content = tiny.read_bytes()
    dice = random.Random(1)
    edges = [0, 7, 8, 16, 40, 64, 127, 128, len(content) - 33, len(content) - 1]
    damaged = {}
    for place in edges + dice.sample(range(len(content)), 30):
        flipped = bytearray(content)
        flipped[place] ^= 1 << dice.randrange(8)
        damaged[f"flip-{place}"] = bytes(flipped)
    for length in edges + [len(content) - 4096] + dice.sample(range(len(content)), 15):
        damaged[f"cut-{length}"] = content[:length]
    damaged["longer"] = content + b"\0"

    def check(name):
        file = tmp_path / name
        file.write_bytes(damaged[name])
        assert_refused(file, tmp_path / f"data-{name}")

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(check, damaged))


def test_a_directory_in_use_or_with_something_in_it_is_refused(tiny, tmp_path):
    with Tallyd(tmp_path / "store") as server:
        used = restore(tiny, tmp_path / "store")
        assert server.status().applied.timeline == 1
    (tmp_path / "home").mkdir()
    (tmp_path / "home/letter").write_text("mine")
    foreign = restore(tiny, tmp_path / "home")

    assert used.returncode == foreign.returncode == 1
    assert "restore" in used.stderr and "'letter'" in foreign.stderr
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["letter"]


def test_a_lost_data_file_is_restored_beside_its_log_and_nothing_is_lost(tmp_path):
    events = samples.events("edge-cases")
    with Tallyd(tmp_path / "store") as server:
        samples.ingest(server, "t", events[:200], size=20)
        eventually(lambda: server.status().lag_batches == 0, "all is applied")
        _, content = take(server)
        revision = samples.ingest(server, "t", events[200:], size=20)
        before = numbers(server, "t", revision)
    file = tmp_path / "file"
    file.write_bytes(content)
    (tmp_path / "store/data.mdb").unlink()

    process = tallyd.start(tmp_path / "store")
    _, log = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 1 and "tallyd restore" in log
    result = restore(file, tmp_path / "store")
    assert result.returncode == 0, result.stderr

    with Tallyd(tmp_path / "store") as server:
        assert server.status().applied.timeline == 1
        # A revision of before: the timeline is the same.
        assert numbers(server, "t", revision) == before


@pytest.mark.parametrize("operation", ["write", "fsync", "fdatasync", "rename", "mkdir", "unlink"])
def test_a_killed_restore_is_refused_or_whole_and_can_be_done_again(tiny, tmp_path, operation):
    kills = 0
    for number in range(1, 30):
        data = tmp_path / f"{operation}-{number}"
        with_kill = Faults(tmp_path).environment(f"{operation}:*:{number}:kill-before")
        result = restore(tiny, data, with_kill)
        if result.returncode == 0:
            break
        assert result.returncode == -9, result.stderr
        kills += 1
        if not (data / "data.mdb").exists():
            if data.exists() and any(path.name != "lock" for path in data.iterdir()):
                process = tallyd.start(data)
                _, log = process.communicate(timeout=TIMEOUT)
                assert process.returncode == 1 and "tallyd restore" in log, log
            again = restore(tiny, data)
            assert again.returncode == 0, again.stderr
        with Tallyd(data) as server:
            assert len(Reader(server, "t").groups().rows) == 1
    assert kills or operation == "fdatasync"
