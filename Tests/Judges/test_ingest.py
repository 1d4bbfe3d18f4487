"""What Ingest answers."""

import samples
from google.protobuf import json_format
from reports import Reader
from tally.v1 import events_pb2, ingest_pb2

GOOD = '{"occurredAt":"2024-03-01T10:00:00Z","group":{"groupId":"g%d","name":"One"}}'
BAD = {
    '{"occurredAt":"2024-03-01T10:00:00Z"}': ingest_pb2.VERDICT_REASON_NO_FACT,
    '{"group":{"groupId":"g"}}': ingest_pb2.VERDICT_REASON_MISSING,
    '{"occurredAt":"2024-03-01T10:00:00Z","group":{"name":"no id"}}':
        ingest_pb2.VERDICT_REASON_MISSING,
    '{"occurredAt":"2024-03-01T10:00:00Z","post":{"postId":"p","userId":"u","groupId":"g",'
    '"sessionId":"s"}}': ingest_pb2.VERDICT_REASON_CONFLICT,
    '{"occurredAt":"2024-03-01T10:00:00Z","group":{"groupId":"%s"}}' % ("g" * 129):
        ingest_pb2.VERDICT_REASON_TOO_LONG,
    '{"occurredAt":"2024-03-01T10:00:00Z","group":{"groupId":"a\\u0000b"}}':
        ingest_pb2.VERDICT_REASON_INVALID_TEXT,
    '{"occurredAt":"2024-03-01T10:00:00Z","course":{"courseId":"c","authorUserId":"u"}}':
        ingest_pb2.VERDICT_REASON_INVALID_VALUE,
    '{"occurredAt":"2024-03-01T10:00:00Z","membership":{"groupId":"g","userId":"u","roles":[9]}}':
        ingest_pb2.VERDICT_REASON_INVALID_VALUE,
    '{"occurredAt":"2124-03-01T10:00:00Z","group":{"groupId":"g"}}':
        ingest_pb2.VERDICT_REASON_TIME_OUT_OF_RANGE,
    '{"occurredAt":"1969-12-31T23:59:59Z","group":{"groupId":"g"}}':
        ingest_pb2.VERDICT_REASON_TIME_OUT_OF_RANGE,
}


def event(text):
    return json_format.Parse(text, events_pb2.Event())


def test_bad_events_get_verdicts_and_the_good_ones_of_their_batch_are_taken(server):
    events = [event(GOOD % 1), *(event(text) for text in BAD), event(GOOD % 2)]

    answer = samples.send(server, [
        ingest_pb2.IngestRequest(tenant="verdicts", sequence=3, events=events)])[0]

    assert answer.taken == 2
    assert [(verdict.index, verdict.reason) for verdict in answer.verdicts] == list(
        enumerate(BAD.values(), start=1))
    assert all(verdict.message for verdict in answer.verdicts)
    groups = Reader(server, "verdicts", answer.revision).groups().rows
    assert [group.group_id for group in groups] == ["g1", "g2"]


def test_an_answer_when_applied_counts_what_the_batch_changed(server):
    older = event('{"occurredAt":"2024-01-01T00:00:00Z","group":{"groupId":"g1","name":"Old"}}')
    events = [event(GOOD % 1), event(GOOD % 1), older]

    answer = samples.send(server, [ingest_pb2.IngestRequest(
        tenant="applied", events=events, answer_when=ingest_pb2.ANSWER_WHEN_APPLIED)])[0]

    assert (answer.taken, answer.applied, answer.duplicate, answer.superseded) == (3, 1, 1, 1)
    assert [(verdict.index, verdict.reason) for verdict in answer.verdicts] == [
        (1, ingest_pb2.VERDICT_REASON_DUPLICATE), (2, ingest_pb2.VERDICT_REASON_SUPERSEDED)]


def test_an_answer_when_durable_says_nothing_of_what_changed(server):
    answer = samples.send(server, [
        ingest_pb2.IngestRequest(tenant="durable", events=[event(GOOD % 1)])])[0]

    assert answer.taken == 1
    assert not any(answer.HasField(name) for name in ("applied", "duplicate", "superseded"))
    assert len(answer.revision.store_id) == 16


def test_a_dry_run_is_judged_like_applied_and_changes_nothing(server):
    first = samples.ingest(server, "dry", [event(GOOD % 1)])
    Reader(server, "dry", first).groups()

    answer = samples.send(server, [ingest_pb2.IngestRequest(
        tenant="dry", events=[event(GOOD % 1), event(GOOD % 2)], dry_run=True)])[0]

    assert (answer.applied, answer.duplicate) == (1, 1)
    assert answer.revision.position >= first.position
    assert [row.group_id for row in Reader(server, "dry").groups().rows] == ["g1"]


def test_many_batches_under_way_are_answered_in_order(server):
    requests = [
        ingest_pb2.IngestRequest(tenant="order", sequence=1000 - number, events=[
            event(GOOD % number)]) for number in range(300)]

    answers = samples.send(server, requests)

    positions = [answer.revision.position for answer in answers]
    assert positions == sorted(set(positions))
