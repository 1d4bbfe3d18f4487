"""Reports whose connection is cut: by hand with grpcio, and `tally report` by itself."""

import os
import subprocess

import grpc
import pytest
import samples
from cutting import CuttingProxy
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from raw import Call, message
from reports import Reader, check
from tally.v1 import ingest_pb2, reports_pb2, reports_pb2_grpc
from tallyd import ROOT, Tallyd, start
from test_slow_readers import course

TALLY = os.environ.get("TALLY", str(ROOT / ".build/release/tally"))
COURSES = 4000


def ingest(server, numbers, seconds=1_700_000_000):
    answers = samples.send(server, [
        ingest_pb2.IngestRequest(
            tenant="t", sequence=1, events=[course(number, seconds) for number in numbers],
            answer_when=ingest_pb2.ANSWER_WHEN_APPLIED)])
    return answers[-1].revision


@pytest.fixture
def filled(tmp_path):
    with Tallyd(tmp_path / "store") as server:
        ingest(server, range(COURSES))
        yield server


def courses(server, handle, after=None, **request):
    """The rest of the courses, checked against its own trailer."""
    options = reports_pb2.ReportOptions(continue_handle=handle, after_id=after)
    stub = reports_pb2_grpc.ReportServiceStub(server.channel)
    parts = list(stub.Courses(
        reports_pb2.CoursesRequest(tenant="t", options=options, **request), timeout=60))
    rows = [row for part in parts for row in part.rows]
    check(_Report(parts[0].header, rows, parts[-1].trailer), reports_pb2.CourseRow)
    return parts[0].header, rows


class _Report:
    def __init__(self, header, rows, trailer):
        self.header, self.rows, self.trailer = header, rows, trailer


def test_grpcio_continues_a_report_behind_any_row(filled):
    whole = Reader(filled, "t").courses()
    for cut in (1, 2, 500, COURSES - 1, COURSES):
        header, rest = courses(filled, whole.header.handle, whole.rows[cut - 1].course_id)
        assert rest == whole.rows[cut:]
        assert header.revision == whole.header.revision
        assert header.row_count >= len(rest)
    header, rest = courses(filled, whole.header.handle)
    assert rest == whole.rows and header.row_count_exact


def test_a_handle_that_does_not_fit_is_refused_with_its_reason(filled):
    handle = Reader(filled, "t").courses().header.handle
    damaged = handle[:-1] + bytes([handle[-1] ^ 1])
    foreign = handle[:2] + bytes(16) + handle[18:]
    for wanted, request, status, reason in (
            (damaged, {}, grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD"),
            (b"no handle", {}, grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD"),
            (handle, {"course_ids": ["course-00000001"]}, grpc.StatusCode.INVALID_ARGUMENT,
             "INVALID_FIELD"),
            (foreign, {}, grpc.StatusCode.FAILED_PRECONDITION, "OTHER_STORE")):
        with pytest.raises(grpc.RpcError) as error:
            courses(filled, wanted, **request)
        assert error.value.code() == status
        details = rpc_status.from_call(error.value).details
        found = error_details_pb2.ErrorInfo()
        assert details[0].Unpack(found) and found.reason == reason


def tally(address, *options):
    return subprocess.run(
        [TALLY, "report", "courses", "--server", address, "--tenant", "t", "--format", "csv",
         *options],
        capture_output=True, timeout=120)


def test_tally_continues_wherever_it_is_cut(filled, tmp_path):
    whole = tally(filled.address).stdout
    assert whole.count(b"\r\n") == COURSES + 1
    out = tmp_path / "courses.csv"
    broken = 0
    # 386 KB of rows come.
    for cut in [1, 50, 100, 200, 400, *range(5_000, 386_000, 34_000)]:
        with CuttingProxy(filled, [cut]) as proxy:
            run = tally(proxy.address, "--output", str(out))
        said = run.stderr.decode()
        assert run.returncode == 0, f"cut after {cut} bytes: {said}"
        assert out.read_bytes() == whole, f"cut after {cut} bytes: {said}"
        if "went on in the same snapshot" in said:
            broken += 1
        out.unlink()
    assert broken >= 8
    # Again and again, at once to standard output: nothing is taken back, and nothing comes twice.
    with CuttingProxy(filled, [100_000] * 6) as proxy:
        run = tally(proxy.address)
    assert run.returncode == 0 and run.stdout == whole
    assert run.stderr.count(b"went on in the same snapshot") >= 2


def test_a_store_that_moves_on_gives_one_snapshot_or_says_that_it_does_not(filled, tmp_path):
    moves = iter(range(1, 100))

    def change(number):
        if number > 0:
            ingest(filled, range(0, COURSES, 2), 1_700_000_000 + next(moves))
            ingest(filled, [COURSES + number], 1_700_000_000)

    out = tmp_path / "courses.csv"
    with CuttingProxy(filled, [300_000, 500_000], change) as proxy:
        run = tally(proxy.address, "--output", str(out))
    assert run.returncode == 0, run.stderr
    assert out.read_bytes() == tally(filled.address).stdout
    assert b"started again for one snapshot" in run.stderr

    with CuttingProxy(filled, [300_000], change, resets=False) as proxy:
        run = tally(proxy.address, "--mix-revisions")
    assert run.returncode == 0
    assert b"went on at a newer revision" in run.stderr
    # Its new course comes last, and no other comes twice or is missing.
    assert run.stdout.count(b"\r\n") == tally(filled.address).stdout.count(b"\r\n")

    # All but the last rows: more than is kept back before it is written.
    with CuttingProxy(filled, [340_000], change, resets=False) as proxy:
        run = tally(proxy.address)
    assert run.returncode == 1
    assert b"cannot be taken back" in run.stderr and b"--output" in run.stderr


def test_a_report_survives_its_server(tmp_path):
    out = tmp_path / "courses.csv"
    running = [Tallyd(tmp_path / "store")]
    try:
        ingest(running[0], range(COURSES))
        whole = tally(running[0].address).stdout

        class Newest:
            host = property(lambda _: running[-1].host)
            port = property(lambda _: running[-1].port)

        def again(number):
            if number == 0:
                return
            running[-1].process.kill()
            running[-1].stop()
            running.append(Tallyd(tmp_path / "store"))

        with CuttingProxy(Newest(), [200_000, 200_000], again) as proxy:
            run = tally(proxy.address, "--output", str(out))
        assert run.returncode == 0, run.stderr
        assert out.read_bytes() == whole
        assert run.stderr.count(b"went on in the same snapshot") == 2
        assert len(running) == 3
    finally:
        running[-1].stop()


def test_the_limits_of_reports_are_set_and_counted(tmp_path):
    with Tallyd(tmp_path / "store", "--limit", "max-open-reports=1", "--limit",
                "max-waiting-reports=0", "--limit", "report-stall-timeout=60s", "--limit",
                "report-park-time=60s", "--limit", "max-transaction-age=60s") as server:
        for number in range(0, 10 * COURSES, COURSES):
            ingest(server, range(number, number + COURSES))
        stub = reports_pb2_grpc.ReportServiceStub(server.channel)
        request = reports_pb2.CoursesRequest(tenant="t")
        # Its window is 64 KiB, and it is never opened again.
        with Call(server, "/tally.v1.ReportService/Courses") as first:
            first.send(message(request.SerializeToString()), end=True)
            first.receive(lambda call: len(call.body) > 30_000, acknowledge=False)
            with pytest.raises(grpc.RpcError) as error:
                list(stub.Courses(request))
        assert error.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
        strikes = {limit.name: limit.strikes for limit in server.status().limits}
        assert strikes.get("max-waiting-reports") == 1
    refused = start(tmp_path / "store", "127.0.0.1:0", "--limit", "spool-shares=none")
    assert refused.wait(timeout=60) == 1
    assert "spool-shares is a number from 1 to 1024, not 'none'" in refused.stderr.read()
    refused.stdout.close()
    refused.stderr.close()
