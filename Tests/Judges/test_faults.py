"""The fault library does what its rules say: shown on small programs, and on the server."""

import errno
import signal
import subprocess
import sys

import grpc
import pytest
import samples
from faults import Faults
from tallyd import Tallyd, start
from tally.v1 import events_pb2, ingest_pb2

SMALL = ("--log-segment-size", "64K")

WRITES = """
import os, sys
file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
for number in range(5):
    try:
        print(os.pwrite(file, b"%d" % number * 100, number * 100), flush=True)
        os.fdatasync(file)
    except OSError as error:
        print(error.errno, flush=True)
"""


@pytest.fixture
def faults(tmp_path):
    with Faults(tmp_path, trace=True) as made:
        yield made


def run(faults, path, rules, program=WRITES):
    return subprocess.run(
        [sys.executable, "-c", program, str(path)], env=faults.environment(rules), timeout=60,
        stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("rules, said, bytes_left", [
    ("", [100] * 5, 500),
    ("write:*/file:3:errno=ENOSPC", [100, 100, errno.ENOSPC, 100, 100], 500),
    ("write:*/file:2+:errno=28", [100] + [errno.ENOSPC] * 4, 100),
    ("write:*/other:1+:errno=EIO", [100] * 5, 500),
    ("write:*/f?le:2-3:short=7", [100, 7, 7, 100, 100], 500),
    ("write:*/file:5:short=20%", [100] * 4 + [20], 420),
    ("write:*/file:5:skip", [100] * 5, 400),
    ("write:*/file:5:after=EIO", [100] * 4 + [errno.EIO], 500),
    ("sync:*/file:every:errno=EIO", [100, errno.EIO] * 5, 500),
    ("fsync:*:every:errno=EIO; write:*:every:count", [100] * 5, 500),
])
def test_a_rule_acts_at_its_calls(faults, tmp_path, rules, said, bytes_left):
    ended = run(faults, tmp_path / "file", rules.replace("; ", ";"))

    assert [int(line) for line in ended.stdout.split()] == said
    assert ended.returncode == 0
    assert (tmp_path / "file").stat().st_size == bytes_left


@pytest.mark.parametrize("rules, bytes_left", [
    ("write:*/file:3:kill-before", 200),
    ("write:*/file:3:kill-after", 300),
    ("write:*/file:3:torn=40", 240),
    ("write:*/file:3:torn=0", 200),
    ("write:*/file:3:torn=50%", 250),
    ("open:*/file:1:kill-after", 0),
    ("fdatasync:*/file:2:kill-before", 200),
])
def test_a_kill_is_before_or_after_its_call(faults, tmp_path, rules, bytes_left):
    ended = run(faults, tmp_path / "file", rules)

    assert ended.returncode == -signal.SIGKILL
    assert (tmp_path / "file").stat().st_size == bytes_left
    assert faults.acted() == 1
    assert faults.trace()[-1][3] == f"0 {rules.split(':')[-1].split('=')[0]}" + (
        "=" if "=" in rules else "")


@pytest.mark.parametrize("rules", [
    "writes:*:1:skip", "write:*:0:skip", "write:*:3-2:skip", "write:*:1:torn",
    "write:*:1:errno=ENOTHING", "write:1:skip", "write", "write:*:1:skip=3"])
def test_a_rule_that_cannot_be_read_is_told(faults, tmp_path, rules):
    run(faults, tmp_path / "file", "")
    faults.set(rules)
    run(faults, tmp_path / "file", "")

    with pytest.raises(AssertionError, match="cannot be read"):
        faults.is_set  # noqa: B018


def test_memory_fails_for_the_callers_that_a_rule_names(faults, tmp_path):
    server = start(
        tmp_path / "data", "127.0.0.1:0", *SMALL,
        environment=faults.environment("malloc:*/liblmdb*:1+:errno=ENOMEM"))
    said, log = server.communicate(timeout=60)

    assert server.returncode == 1 and not said
    assert "Cannot allocate memory" in log
    assert faults.calls("malloc") > faults.matched() > 0


def event(number):
    made = events_pb2.Event(group=events_pb2.GroupFact(group_id=f"g{number}"))
    made.occurred_at.FromSeconds(1_700_000_000)
    return made


def test_the_calls_of_the_server_and_of_its_libraries_are_seen(faults, tmp_path):
    with Tallyd(tmp_path / "data", *SMALL, environment=faults.environment()) as server:
        samples.send(server, [ingest_pb2.IngestRequest(
            tenant="t", sequence=1, events=[event(1)], answer_when=ingest_pb2.ANSWER_WHEN_APPLIED)])
        assert faults.calls("malloc") > 0

    seen = {(operation, path.removeprefix(f"{tmp_path}/data")) for operation, path, *_ in
            faults.trace()}
    first = "/log/0000000000000001.seg"
    assert seen >= {
        ("open", "/log/spare.unfinished"), ("write", "/log/spare.unfinished"),
        ("fdatasync", "/log/spare.unfinished"), ("rename", "/log/spare"), ("rename", first),
        ("fsync", "/log"), ("write", first), ("fdatasync", first), ("write", "/data.mdb"),
        ("fdatasync", "/data.mdb"), ("write", "/data.mdb+dsync"), ("mmap", "/data.mdb"),
        ("mkdir", ""), ("rename", "/format")}
    assert any(operation == "send" and path.startswith("socket:") for operation, path in seen)


def test_rules_for_the_server_can_be_set_while_it_runs(faults, tmp_path):
    with Tallyd(tmp_path / "data", *SMALL, environment=faults.environment()) as server:
        samples.send(server, [ingest_pb2.IngestRequest(tenant="t", events=[event(1)])])
        faults.set("write:*.seg:1:kill-after")

        with pytest.raises(grpc.RpcError) as refused:
            samples.send(server, [ingest_pb2.IngestRequest(tenant="t", events=[event(2)])])

        assert refused.value.code() == grpc.StatusCode.UNAVAILABLE
        assert server.process.wait(timeout=60) == -signal.SIGKILL
        assert faults.is_set and faults.acted() == 1
