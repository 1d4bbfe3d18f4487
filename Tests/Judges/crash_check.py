"""Compares what a server reports with a recount of the clients' journals."""

import collections
import dataclasses

import grpc
import recount
from crash_history import ACTIVITIES, COURSES, GROUPS, MARKER, PATHS
from google.protobuf.descriptor import FieldDescriptor
from reports import Reader
from tally.v1 import events_pb2, reports_pb2

SAMPLED_LISTS = 8


@dataclasses.dataclass
class Findings:
    """What is wrong; empty texts and zeros if nothing is."""
    lost: int = 0
    doubled: int = 0
    wrong: list = dataclasses.field(default_factory=list)

    def __bool__(self):
        return bool(self.lost or self.doubled or self.wrong)


class Check:
    """The recount of one store; grows with what is found in it."""

    def __init__(self, clients, random):
        self.clients = clients
        self._random = random
        self._counted = collections.defaultdict(recount.Recount)
        self._present = set()

    def run(self, server):
        """The store holds all that was acknowledged, whole batches only, and each event once."""
        findings = Findings()
        status = server.status()
        newest = type(status.applied)(
            store_id=status.applied.store_id, timeline=status.applied.timeline,
            position=status.durable_position)
        sent = {
            batch.marker(client.name): batch for client in self.clients for batch in client.journal}
        for tenant in sorted({batch.tenant for batch in sent.values()}):
            reader = Reader(server, tenant, newest)
            found = self._held(reader)
            wanted = {marker: batch for marker, batch in sent.items() if batch.tenant == tenant}
            self._check_batches(tenant, found, wanted, findings)
            for marker in found & wanted.keys() - self._present:
                self._counted[tenant].add(wanted[marker].events)
                self._present.add(marker)
            if found:
                self._check_reports(reader, self._counted[tenant], findings)
        last = max((batch.position or 0 for batch in sent.values()), default=0)
        if last > newest.position:
            findings.wrong.append(
                f"position {last} was acknowledged, the newest durable one is {newest.position}")
        return findings

    @staticmethod
    def _held(reader):
        """The batches in the store, by their markers."""
        try:
            rows = reader.users_behind(course_id=MARKER, action=reports_pb2.ACTION_VIEW).rows
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.NOT_FOUND:
                raise
            return set()
        return {row.user_id for row in rows}

    def _check_batches(self, tenant, found, wanted, findings):
        for marker, batch in wanted.items():
            if marker in found or (batch.position is None and marker not in self._present):
                continue
            findings.lost += len(batch.events)
            findings.wrong.append(
                f"{marker} of tenant {tenant}, position {batch.position}, is lost")
        for marker in found - wanted.keys():
            findings.doubled += 1
            findings.wrong.append(f"{marker} was never sent to tenant {tenant}")

    def _check_reports(self, reader, counted, findings):
        def compare(what, ask, count):
            try:
                got = ask().rows
            except grpc.RpcError as error:
                got = error.code().name
            try:
                wanted = count()
            except recount.NotFound:
                wanted = "NOT_FOUND"
            except recount.NoNumber:
                wanted = "INVALID_ARGUMENT"
            if got != wanted:
                self._explain(f"{what} of {reader.tenant}", got, wanted, findings)

        for below in (False, True):
            compare("groups", lambda: reader.groups(include_subgroups=below),
                    lambda: counted.groups_rows(below))
        compare("courses", reader.courses, counted.courses_rows)
        for id_ in (f"g{number}" for number in range(GROUPS)):
            for role in (None, self._random.randrange(1, 5)):
                compare(f"users of {id_}", lambda: reader.group_users(group_id=id_, role=role),
                        lambda: counted.group_users(id_, role))
        for id_ in (f"c{number}" for number in range(COURSES)):
            compare(f"activities of {id_}", lambda: reader.course_activities(course_id=id_),
                    lambda: counted.course_activities(id_))
        path = f"p{self._random.randrange(PATHS)}"
        compare(f"courses of {path}", lambda: reader.courses(path_id=path),
                lambda: counted.courses_rows((), path))
        for _ in range(SAMPLED_LISTS):
            target = self._random.choice((
                {"activity_id": f"a{self._random.randrange(ACTIVITIES)}"},
                {"course_id": f"c{self._random.randrange(COURSES)}"}))
            action = self._random.choice(reports_pb2.Action.values()[1:])
            compare(f"users behind {reports_pb2.Action.Name(action)} of {target}",
                    lambda: reader.users_behind(action=action, **target),
                    lambda: counted.users_behind(action, **target))

    @staticmethod
    def _explain(what, got, wanted, findings):
        """Counts that are too low are events lost, too high ones are counted twice."""
        findings.wrong.append(f"{what}: {got} in place of {wanted}")
        if isinstance(got, str) or isinstance(wanted, str):
            return
        totals = [collections.Counter(), collections.Counter()]
        for rows, total in zip((got, wanted), totals):
            for row in rows:
                for field, value in row.ListFields():
                    if field.type == FieldDescriptor.TYPE_UINT64:
                        total[field.name] += value
        more, fewer = totals[0] - totals[1], totals[1] - totals[0]
        findings.doubled += more.total()
        findings.lost += fewer.total()
