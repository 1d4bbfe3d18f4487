"""A small disk that is filled by events and by a foreign file, and emptied again."""

import contextlib
import os
import shutil
import subprocess
import sys
import threading

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from marked import Journal
from tallyd import Tallyd, eventually

MIB = 1 << 20
DISK = 96 * MIB
RESERVE = 12 * MIB
OPTIONS = (
    "--log-segment-size", "1M", "--disk-reserve", str(RESERVE), "--map-size", "256M")
INGEST = "tally.v1.IngestService"
SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
INSIDE = "TALLY_MOUNTS_ALLOWED"


def run(*command, **options):
    return subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)


class Disk:
    """A file system of its own in memory."""

    def __init__(self, path):
        self.path = path
        self.foreign = path / "foreign"
        path.mkdir()
        mounted = run("mount", "-t", "tmpfs", "-o", f"size={DISK}", "tally-test", str(path))
        assert mounted.returncode == 0, mounted.stdout

    def close(self):
        gone = run("umount", "--lazy", str(self.path))
        assert gone.returncode == 0, gone.stdout

    @property
    def free(self):
        volume = os.statvfs(self.path)
        return volume.f_bavail * volume.f_frsize

    def leave(self, free):
        """Lets a foreign file take all but so much."""
        with open(self.foreign, "ab") as file:
            while self.free > free:
                size = os.fstat(file.fileno()).st_size
                with contextlib.suppress(OSError):  # The server took some of it.
                    os.posix_fallocate(file.fileno(), size, self.free - free)

    def empty(self):
        self.foreign.unlink()


def may_mount(tmp_path):
    """Why a file system cannot be mounted here, or None."""
    probe = tmp_path / "probe"
    probe.mkdir()
    tried = run("mount", "-t", "tmpfs", "-o", "size=64k", "tally-probe", str(probe))
    if tried.returncode == 0:
        run("umount", str(probe))
        return None
    return tried.stdout.strip()


@pytest.fixture
def disk(tmp_path):
    refusal = may_mount(tmp_path)
    if refusal:
        # In a user namespace of its own anybody may; these tests run there again, all in one.
        pytest.skip(f"mount is refused here ({refusal}): see test_in_a_namespace")
    made = Disk(tmp_path / "disk")
    yield made
    made.close()


if os.geteuid() and INSIDE not in os.environ:
    def test_in_a_namespace():
        """Who is not root runs the tests of this file in a user namespace."""
        if not shutil.which("unshare") or run("unshare", "-rm", "true").returncode:
            pytest.skip("NOT TESTED: a full disk needs a mount: be root, or allow unshare -rm")
        ended = run(
            "unshare", "-rm", sys.executable, "-m", "pytest", "-q", __file__,
            env=dict(os.environ, **{INSIDE: "1"}))
        assert ended.returncode == 0, ended.stdout


def health(server, service=INGEST):
    stub = health_pb2_grpc.HealthStub(server.channel)
    return stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=20).status


def alarms(server):
    return {alarm.name for alarm in server.status().alarms}


def is_refused(refusal):
    return (refusal and refusal.code == grpc.StatusCode.RESOURCE_EXHAUSTED
            and refusal.reason == "DISK_FULL" and refusal.retry_seconds)


def ingest_until_refused(server, journal, batches=20, limit=2000):
    """Sends until a batch is refused; how."""
    for _ in range(limit):
        refusal = journal.send(server, batches)
        if refusal:
            return refusal
    raise AssertionError("the disk is not full yet")


def test_filled_by_a_foreign_file_and_emptied(disk):
    journal = Journal(size=10)
    with Tallyd(disk.path / "store", *OPTIONS) as server:
        watch = health_pb2_grpc.HealthStub(server.channel).Watch(
            health_pb2.HealthCheckRequest(service=INGEST), timeout=120)
        assert next(watch).status == SERVING
        assert journal.send(server, 20) is None
        status = server.status()
        assert not status.alarms and status.disk.reserve == RESERVE
        assert abs(status.disk.free - disk.free) < 4 * MIB

        # The alarm comes before anything is refused.
        disk.leave(RESERVE * 3 // 2)
        eventually(lambda: alarms(server) == {"disk-low"}, "the alarm")
        eventually(lambda: any("alarm.name=disk-low" in line for line in server.log), "its line")
        assert health(server) == SERVING
        assert journal.send(server, 20) is None

        disk.leave(RESERVE // 2)
        eventually(lambda: alarms(server) == {"disk-full"}, "the second alarm")
        assert next(watch).status == NOT_SERVING
        assert health(server, "tally.v1.ReportService") == SERVING
        refusal = journal.send(server, 1)
        assert is_refused(refusal), refusal
        assert "make room" in refusal.message
        journal.check(server)

        # Not a byte is left: reads go on.
        disk.leave(0)
        assert is_refused(journal.send(server, 1))
        journal.check(server)

        disk.empty()
        assert next(watch).status == SERVING
        assert journal.send(server, 20) is None
        assert not alarms(server)
        journal.check(server)
        watch.cancel()
    log = "".join(server.log)
    for line in ("alarm.name=disk-low", "alarm.name=disk-full", "events are refused for now",
                 "events are taken again"):
        assert line in log, log
    with Tallyd(disk.path / "store", *OPTIONS) as server:
        journal.check(server)


def test_filled_by_events(disk):
    """What was taken is folded, backed by the reserve; the server stops and starts on a full disk.
    """
    journal = Journal(size=100, text="x" * 900)
    disk.leave(48 * MIB)
    with Tallyd(disk.path / "store", *OPTIONS, "--log-keep-size", "1T") as server:
        refusal = ingest_until_refused(server, journal)
        assert is_refused(refusal), refusal
        eventually(lambda: health(server) == NOT_SERVING, "health")
        status = server.status()
        assert not status.fold_error
        eventually(lambda: server.status().lag_batches == 0, "the fold")
        journal.check(server)
        assert server.stop() == 0
    disk.leave(0)
    for _ in range(3):
        with Tallyd(disk.path / "store", *OPTIONS) as server:
            journal.check(server)
            assert is_refused(journal.send(server, 1))
    with Tallyd(disk.path / "store", *OPTIONS) as server:
        disk.empty()
        eventually(lambda: health(server) == SERVING, "health with room again")
        eventually(lambda: journal.send(server, 1) is None, "events with room again")
        journal.check(server)


def test_filled_while_events_come(disk):
    """Log and fold meet the full disk itself, not the reserve: nothing acknowledged is lost, and
    they go on by themselves."""
    journal = Journal(size=200, text="y" * 900)
    with Tallyd(disk.path / "store", *OPTIONS) as server:
        ends = []
        sender = threading.Thread(
            target=lambda: ends.append(ingest_until_refused(server, journal, 500)), daemon=True)
        sender.start()
        eventually(lambda: len(journal.acknowledged) > 20, "some batches")
        disk.leave(0)
        sender.join(60)
        assert ends and ends[0].code in (
            grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.UNAVAILABLE), ends
        eventually(lambda: health(server) == NOT_SERVING, "health")
        journal.held(server)

        disk.empty()
        eventually(lambda: health(server) == SERVING, "health with room again")
        assert journal.send(server, 5, applied=True) is None
        journal.check(server)
        server.process.kill()
        server.process.wait()
    with Tallyd(disk.path / "store", *OPTIONS) as server:
        journal.check(server)
