"""The n-th call of each kind fails in a short run of the server, for every n or every so manieth.

Whatever fails: nothing acknowledged is lost, the answer is UNAVAILABLE or RESOURCE_EXHAUSTED, no
file is synced again after a sync of it failed, reads go on where they can, and a restart is whole.

TALLY_DISK_POINTS says how many n of each kind are tried; `all` tries all of them.
"""

import concurrent.futures
import dataclasses
import os

import grpc
import pytest
from faults import Faults
from grpc_health.v1 import health_pb2, health_pb2_grpc
from marked import Journal
from tallyd import Tallyd, eventually

POINTS = os.environ.get("TALLY_DISK_POINTS", "4")
# A run makes so many allocations that all of them would take hours.
ALLOCATIONS = 400
OPTIONS = ("--log-segment-size", "64K", "--map-size", "64M", "--disk-reserve", "1M")
STORE = "*/store/*"
RULES = [
    ("write", STORE, "errno=EIO"), ("write", STORE, "errno=ENOSPC"), ("write", STORE, "short=50%"),
    ("sync", STORE, "errno=EIO"), ("sync", STORE, "errno=ENOSPC"), ("read", STORE, "errno=EIO"),
    ("open", "*/store*", "errno=EMFILE"), ("open", "*/store*", "errno=EIO"),
    ("rename", STORE, "errno=EIO"), ("unlink", STORE, "errno=EIO"),
    ("mkdir", "*", "errno=ENOSPC"),
    ("mmap", "*", "errno=ENOMEM"), ("malloc", "*", "errno=ENOMEM"),
]
ALLOWED = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED)


@dataclasses.dataclass
class Run:
    """One run of the server with one fault, and what is wrong with it."""
    rule: tuple
    nth: int
    wrong: list = dataclasses.field(default_factory=list)

    def judge(self, folder):
        """Runs the server, ends it as a crash would, and looks at what it left."""
        journal = Journal(size=5, text="z" * 900)
        data = folder / "store"
        operation, path, action = self.rule
        with Faults(folder, trace=True) as faults:
            rule = f"{operation}:{path}:{self.nth}:{action}"
            try:
                server = Tallyd(data, *OPTIONS, environment=faults.environment(rule))
            except AssertionError as error:
                self._check_refusal(str(error))
            else:
                try:
                    self._check_answers(server, journal, faults)
                finally:
                    server.process.kill()
                    server.stop()
            self._check_syncs(faults)
        try:
            with Tallyd(data, *OPTIONS) as server:
                journal.check(server)
                refusal = journal.send(server, 1, applied=True)
                if refusal:
                    self.wrong.append(f"after the restart: {refusal}")
                server.process.kill()
        except AssertionError as error:
            self.wrong.append(f"after the restart: {error}")
        return self

    @property
    def may_die(self):
        return self.rule[0] in ("malloc", "mmap")

    def _check_refusal(self, text):
        """A start that fails says why in one line."""
        if self.may_die:
            return
        if "tallyd: " not in text or "Fatal" in text or "Crash" in text:
            self.wrong.append(f"the start failed without a reason: {text}")

    def _check_answers(self, server, journal, faults):
        refusals = []
        for number in range(8):
            refusal = journal.send(server, 8, applied=number % 2 == 1)
            if refusal:
                refusals.append(refusal)
            if len(refusals) > 2:
                break
        is_alive = server.process.poll() is None
        if not is_alive:
            if not self.may_die:
                self.wrong.append(f"the server died: {''.join(server.log)[-2000:]}")
            return
        for refusal in refusals:
            if refusal.code not in ALLOWED:
                self.wrong.append(f"answered {refusal}")
            if refusal.code == grpc.StatusCode.RESOURCE_EXHAUSTED and not refusal.retry_seconds:
                self.wrong.append(f"no RetryInfo: {refusal}")
        if not self._reads(server, journal) and not self._reads(server, journal):
            # liblmdb begins no transaction after a meta page could not be written.
            if not any(act and path.endswith("+dsync") for _, path, _, act in faults.trace()):
                self.wrong.append("no reads any more")
            return
        if len(refusals) > 2:
            stub = health_pb2_grpc.HealthStub(server.channel)
            request = health_pb2.HealthCheckRequest(service="tally.v1.IngestService")
            eventually(
                lambda: stub.Check(request, timeout=20).status ==
                health_pb2.HealthCheckResponse.NOT_SERVING, "health", 20)
            if not server.status().alarms:
                self.wrong.append("no alarm")

    @staticmethod
    def _reads(server, journal):
        try:
            journal.held(server)
            return True
        except grpc.RpcError as error:
            if error.code() in ALLOWED:
                return False
            raise AssertionError(f"a report ended with {error.code()}: {error.details()}") from None

    def _check_syncs(self, faults):
        """A file whose sync failed is not synced again; one that was removed, or in whose place
        another was renamed, is another file."""
        failed = set()
        for operation, path, _, act in faults.trace():
            if operation in ("unlink", "rename"):
                failed.discard(path)
            if operation not in ("fdatasync", "fsync"):
                continue
            if path in failed:
                self.wrong.append(f"{path} is synced again after a sync of it failed")
            if act:
                failed.add(path)


def judged(run, folder):
    made = folder / f"{run.rule[0]}-{run.rule[2].replace('%', '')}-{run.nth}"
    made.mkdir()
    try:
        return run.judge(made)
    except Exception as error:
        run.wrong.append(f"{type(error).__name__}: {error}")
        return run


@pytest.fixture(scope="module")
def counts(tmp_path_factory):
    """How many calls each rule matches in a run without faults."""
    folder = tmp_path_factory.mktemp("count")
    journal = Journal(size=5, text="z" * 900)
    with Faults(folder) as faults:
        rules = ";".join(f"{operation}:{path}:every:count" for operation, path, _ in RULES)
        with Tallyd(folder / "store", *OPTIONS, environment=faults.environment(rules)) as server:
            for number in range(8):
                assert journal.send(server, 8, applied=number % 2 == 1) is None
            journal.check(server)
            server.process.kill()
        return [faults.matched(index) for index in range(len(RULES))]


@pytest.mark.parametrize("index", range(len(RULES)), ids=["-".join(rule) for rule in RULES])
def test_every_call_may_fail(index, counts, tmp_path):
    rule, total = RULES[index], counts[index]
    assert total, f"{rule} is never called"
    points = total if POINTS == "all" else int(POINTS)
    if rule[0] == "malloc":
        points = min(points, ALLOCATIONS)
    stride = max(1, -(-total // max(1, points)))
    runs = [Run(rule, nth) for nth in range(1, total + 1, stride)]
    print(f"{rule}: {total} calls, each {stride}th of them fails: {len(runs)} runs")

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        ended = list(pool.map(lambda run: judged(run, tmp_path), runs))

    wrong = [f"call {run.nth}: {text}" for run in ended for text in run.wrong]
    assert not wrong, f"{rule}:\n" + "\n".join(wrong)
