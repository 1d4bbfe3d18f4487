"""Batches that can be told apart in a report: which of them a store holds, whole or in part."""

import dataclasses

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from reports import Reader
from tally.v1 import events_pb2, ingest_pb2, ingest_pb2_grpc, reports_pb2

TENANT = "marked"
COURSE = "marker"


def events(number, size, text=""):
    """`size` attempts at the marked course by a user of the batch's own, who has this text."""
    user = f"batch-{number:06}"
    made = [
        events_pb2.Event(course=events_pb2.CourseFact(
            course_id=COURSE, name="Marked", status=events_pb2.COURSE_STATUS_ACTIVE)),
        events_pb2.Event(user=events_pb2.UserFact(
            user_id=user, first_name=user, additional_information=text))]
    for place in range(size):
        made.append(events_pb2.Event(attempt=events_pb2.AttemptFact(
            attempt_id=f"{user}-{place}", user_id=user, course_id=COURSE)))
    for event in made:
        event.occurred_at.FromSeconds(1_700_000_000)
    return made


@dataclasses.dataclass
class Refusal:
    """How an ingest stream ended."""
    code: grpc.StatusCode
    message: str
    reason: str = ""
    retry_seconds: float | None = None

    @classmethod
    def of(cls, error):
        refusal = cls(error.code(), error.details())
        status = rpc_status.from_call(error)
        for packed in status.details if status else ():
            info, retry = error_details_pb2.ErrorInfo(), error_details_pb2.RetryInfo()
            if packed.Unpack(info):
                refusal.reason = info.reason
            elif packed.Unpack(retry):
                refusal.retry_seconds = retry.retry_delay.ToTimedelta().total_seconds()
        return refusal


class Journal:
    """What was sent to a store, and what it acknowledged."""

    def __init__(self, size=10, text=""):
        self.size = size
        self.text = text
        self.sent = 0
        self.acknowledged = set()

    def send(self, server, count, applied=False, timeout=30):
        """Sends `count` new batches on one stream, one at a time; how it ended, None if well."""
        when = ingest_pb2.ANSWER_WHEN_APPLIED if applied else ingest_pb2.ANSWER_WHEN_DURABLE
        first = self.sent

        def requests():
            for number in range(first, first + count):
                self.sent = number + 1
                yield ingest_pb2.IngestRequest(
                    tenant=TENANT, sequence=number, events=events(number, self.size, self.text),
                    answer_when=when)

        stub = ingest_pb2_grpc.IngestServiceStub(server.channel)
        try:
            for answer in stub.Ingest(requests(), timeout=timeout):
                # The course comes with each batch: again it changes nothing.
                assert answer.taken == self.size + 2 and len(answer.verdicts) <= applied
                self.acknowledged.add(answer.sequence)
        except grpc.RpcError as error:
            return Refusal.of(error)
        return None

    def check(self, server):
        """The store holds all that was acknowledged, nothing that was not sent, whole batches."""
        status = server.status()
        newest = type(status.applied)(
            store_id=status.applied.store_id, timeline=status.applied.timeline,
            position=status.durable_position)
        held = self.held(server, newest)
        sent = {f"batch-{number:06}" for number in range(self.sent)}
        acknowledged = {f"batch-{number:06}" for number in self.acknowledged}
        assert acknowledged <= held.keys(), f"lost: {sorted(acknowledged - held.keys())}"
        assert held.keys() <= sent, f"never sent: {sorted(held.keys() - sent)}"
        parts = {user: count for user, count in held.items() if count != self.size}
        assert not parts, f"not {self.size} each: {parts}"

    def held(self, server, revision=None):
        """The batches in the reports, and how many events of each count."""
        try:
            rows = Reader(server, TENANT, revision).users_behind(
                course_id=COURSE, action=reports_pb2.ACTION_VIEW).rows
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.NOT_FOUND:
                raise
            return {}
        return {row.user_id: row.count for row in rows}
