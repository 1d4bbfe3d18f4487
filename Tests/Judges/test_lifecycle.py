"""Starting and stopping."""

import socket
import threading

import grpc
import pytest
import samples
import tallyd
from google.protobuf import json_format
from grpc_health.v1 import health_pb2, health_pb2_grpc
from reports import Reader
from tally.v1 import (
    events_pb2, ingest_pb2, ingest_pb2_grpc, reports_pb2, reports_pb2_grpc)
from tallyd import Tallyd

GROUP = '{"occurredAt":"2024-03-01T10:00:00Z","group":{"groupId":"%s","name":"One"}}'


def group(id_):
    return json_format.Parse(GROUP % id_, events_pb2.Event())


def refusal(data, listen="127.0.0.1:0"):
    """What tallyd says when it does not start: its log and its exit code."""
    process = tallyd.start(data, listen)
    out, log = process.communicate(timeout=tallyd.TIMEOUT)
    assert out == ""
    return log, process.returncode


def assert_one_line(log, *words):
    assert log.count("\n") == 1 and log.endswith("\n"), log
    assert all(word in log for word in words), log


def test_a_port_in_use_is_one_line_and_exit_code_1(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        log, code = refusal(tmp_path, f"127.0.0.1:{port}")

    assert code == 1
    assert_one_line(log, str(port))


def test_a_data_directory_already_open_is_one_line_and_exit_code_1(tmp_path):
    with Tallyd(tmp_path):
        log, code = refusal(tmp_path)

    assert code == 1
    assert_one_line(log, str(tmp_path))


@pytest.mark.parametrize("size", ["1K", "63K", "2G", "much"])
def test_a_size_of_log_files_out_of_bounds_is_refused(tmp_path, size):
    process = tallyd.start(tmp_path, "127.0.0.1:0", "--log-segment-size", size)
    out, log = process.communicate(timeout=tallyd.TIMEOUT)

    assert process.returncode == 64 and out == ""
    assert "--log-segment-size" in log


def test_files_of_the_log_have_the_size_that_was_asked_for(tmp_path):
    with Tallyd(tmp_path, "--log-segment-size", "64K"):
        sizes = {path.stat().st_size for path in (tmp_path / "log").glob("*.seg")}

    assert sizes == {64 << 10}


def test_an_address_beyond_loopback_is_one_line_and_exit_code_1(tmp_path):
    log, code = refusal(tmp_path, "0.0.0.0:0")

    assert code == 1
    assert_one_line(log, "0.0.0.0")


def test_what_was_acknowledged_is_there_after_a_kill_and_a_restart(tmp_path):
    with Tallyd(tmp_path) as server:
        revision = samples.ingest(server, "kept", [group("g1"), group("g2")])
        server.process.kill()
        server.process.wait()

    with Tallyd(tmp_path) as server:
        rows = Reader(server, "kept", revision).groups().rows
        assert [row.group_id for row in rows] == ["g1", "g2"]
        assert server.stop() == 0


def test_sigterm_answers_what_is_in_hand_and_takes_no_more(tmp_path):
    with Tallyd(tmp_path) as server:
        watch = health_pb2_grpc.HealthStub(server.channel).Watch(health_pb2.HealthCheckRequest())
        assert next(watch).status == health_pb2.HealthCheckResponse.SERVING
        held = threading.Event()
        answers = ingest_pb2_grpc.IngestServiceStub(server.channel).Ingest(one_and_hold(held))
        assert next(answers).taken == 1

        server.terminate()
        assert next(watch).status == health_pb2.HealthCheckResponse.NOT_SERVING
        with pytest.raises(grpc.RpcError) as error:
            next(answers)
        held.set()

        assert error.value.code() == grpc.StatusCode.UNAVAILABLE
        watch.cancel()
        assert server.process.wait(timeout=tallyd.TIMEOUT) == 0
        with pytest.raises(OSError):
            socket.create_connection((server.host, server.port), timeout=5).close()


def test_sigterm_lets_a_report_under_way_come_to_its_end(tmp_path):
    with Tallyd(tmp_path) as server:
        groups = [group(f"g{number:05}") for number in range(20_000)]
        revision = samples.ingest(server, "large", groups, size=5000)
        request = reports_pb2.GroupsRequest(
            tenant="large", options=reports_pb2.ReportOptions(min_revision=revision))
        stub = reports_pb2_grpc.ReportServiceStub(server.channel)
        report = stub.Groups(request, timeout=tallyd.TIMEOUT)
        assert next(report).HasField("header")

        server.terminate()
        parts = list(report)

        assert sum(len(part.rows) for part in parts) == len(groups)
        assert parts[-1].trailer.complete
        assert server.process.wait(timeout=tallyd.TIMEOUT) == 0


def one_and_hold(held):
    """One batch, and a stream that stays open until `held` is set."""
    yield ingest_pb2.IngestRequest(tenant="drained", sequence=1, events=[group("g1")])
    held.wait(tallyd.TIMEOUT)


def test_sigterm_twice_in_a_row_is_as_good_as_once(tmp_path):
    with Tallyd(tmp_path) as server:
        server.terminate()
        server.terminate()

        assert server.process.wait(timeout=tallyd.TIMEOUT) == 0


def test_a_busy_server_stops_without_losing_an_acknowledged_batch(tmp_path):
    answered = []
    with Tallyd(tmp_path) as server:
        stub = ingest_pb2_grpc.IngestServiceStub(server.channel)
        requests = (
            ingest_pb2.IngestRequest(
                tenant="busy", sequence=number, events=[group(f"g{number:06}")])
            for number in range(1_000_000))
        try:
            for answer in stub.Ingest(requests, timeout=tallyd.TIMEOUT):
                answered.append(answer)
                if len(answered) == 500:
                    server.terminate()
        except grpc.RpcError as error:
            assert error.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)
        assert server.process.wait(timeout=tallyd.TIMEOUT) == 0

    with Tallyd(tmp_path) as server:
        rows = Reader(server, "busy", answered[-1].revision).groups().rows
        assert {row.group_id for row in rows} >= {
            f"g{answer.sequence:06}" for answer in answered}
