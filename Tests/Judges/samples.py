"""The samples as protobuf's own JSON parser reads them."""

import functools
import gzip
import pathlib
import tarfile

from google.protobuf import json_format
from tally.v1 import events_pb2, ingest_pb2, ingest_pb2_grpc
from tallyd import TIMEOUT

FIXTURES = pathlib.Path(__file__).resolve().parents[1] / "Fixtures"


def events(name):
    plain = FIXTURES / name / "events.ndjson"
    packed = FIXTURES / name / "events.ndjson.gz"
    text = plain.read_bytes() if plain.exists() else gzip.decompress(packed.read_bytes())
    return [json_format.Parse(line, events_pb2.Event()) for line in text.split(b"\n") if line]


@functools.cache
def expected(name):
    """The files that the reports must equal, by name."""
    with tarfile.open(FIXTURES / name / "expected.tar.gz") as archive:
        return {
            pathlib.PurePosixPath(member.name).name: archive.extractfile(member).read()
            for member in archive if member.isfile()}


def batches(events, size):
    for start in range(0, len(events), size):
        yield events[start:start + size]


def send(server, requests):
    """Sends the batches on one stream; the answers in the order of the requests."""
    stub = ingest_pb2_grpc.IngestServiceStub(server.channel)
    requests = list(requests)
    answers = list(stub.Ingest(iter(requests), timeout=2 * TIMEOUT))
    assert [answer.sequence for answer in answers] == [request.sequence for request in requests]
    return answers


def ingest(server, tenant, events, size=1000):
    """Ingests events that are all to be taken; the revision that holds them."""
    answers = send(server, [
        ingest_pb2.IngestRequest(tenant=tenant, sequence=number, events=batch)
        for number, batch in enumerate(batches(events, size), start=1)])
    for answer in answers:
        assert not answer.verdicts, answer.verdicts[0]
    assert sum(answer.taken for answer in answers) == len(events)
    return answers[-1].revision
