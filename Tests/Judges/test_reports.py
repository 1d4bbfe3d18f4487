"""Every report of the samples, read by a client that is not ours."""

import csv
import io

import files
import grpc
import pytest
import samples
from reports import Reader
from tally.v1 import ingest_pb2, reports_pb2

SAMPLES = ("edge-cases", "french-meta")


@pytest.fixture(params=SAMPLES)
def reader(request, server, sample):
    return Reader(server, request.param, sample(request.param))


def expected(reader, name):
    return samples.expected(reader.tenant)[name]


def names(reader, prefix):
    """The ids of the expected files `<prefix>.<id>.csv`."""
    found = [name for name in samples.expected(reader.tenant) if name.startswith(f"{prefix}.")]
    assert found
    return sorted(name.removeprefix(f"{prefix}.").removesuffix(".csv") for name in found)


def test_groups_equal_the_expected_file(reader):
    assert files.groups(reader.groups().rows) == expected(reader, "groups.csv")


def test_a_compressed_report_equals_the_plain_one(server, sample):
    revision = sample("french-meta")
    plain = Reader(server, "french-meta", revision)
    compressed = Reader(server, "french-meta", revision, compression=grpc.Compression.Gzip)

    assert compressed.courses().rows == plain.courses().rows
    assert compressed.courses().trailer == plain.courses().trailer


def test_users_of_each_group_equal_the_expected_file(reader):
    for group in names(reader, "group-users"):
        rows = reader.group_users(group_id=group).rows
        assert files.group_users(rows) == expected(reader, f"group-users.{group}.csv"), group


def test_activities_of_each_course_equal_the_expected_file(reader):
    for course in names(reader, "course"):
        rows = reader.course_activities(course_id=course).rows
        assert files.course(rows) == expected(reader, f"course.{course}.csv"), course


def test_courses_equal_the_expected_files_of_download_and_screen(reader):
    rows = reader.courses().rows

    assert files.courses(rows) == expected(reader, "courses.csv")
    assert files.courses_table(rows) == expected(reader, "courses-table.csv")


def test_users_behind_every_number_equal_the_expected_file(reader):
    wanted = {}
    text = expected(reader, "behind.csv").decode()
    for target, id_, action, user, count in list(csv.reader(io.StringIO(text, newline="")))[1:]:
        wanted.setdefault((target, id_, action), []).append((user, int(count)))

    found = {}
    for target, id_ in dict.fromkeys(key[:2] for key in wanted):
        for action, value in files.actions(target).items():
            try:
                rows = reader.users_behind(**{f"{target}_id": id_, "action": value}).rows
            except grpc.RpcError as error:
                # The downloads of a question are no number, so there is no list behind it.
                assert error.code() == grpc.StatusCode.INVALID_ARGUMENT and action == "DOWNLOAD"
                continue
            if rows:
                found[target, id_, action] = [(row.user_id, row.count) for row in rows]

    assert found == wanted


def test_a_report_in_parts_of_one_row_is_the_same_report(server, reader):
    whole = reader.courses()
    parts = Reader(
        server, reader.tenant, whole.header.revision, max_rows_per_part=1).courses()

    assert parts.rows == whole.rows
    assert len(parts.parts) == len(whole.rows) + 2
    assert parts.trailer == whole.trailer


def test_rows_come_in_byte_order_of_their_ids(reader):
    ids = [row.course_id.encode() for row in reader.courses().rows]
    assert ids == sorted(ids)


def test_courses_can_be_narrowed_to_ids(reader):
    rows = reader.courses().rows
    some = [rows[-1].course_id, rows[0].course_id]

    narrowed = reader.courses(course_ids=some).rows

    assert [row.course_id for row in narrowed] == sorted(some, key=str.encode)
    assert narrowed == [row for row in rows if row.course_id in some]


def test_what_the_directory_does_not_know_is_not_found(reader):
    requests = (
        lambda: reader.group_users(group_id="no such group"),
        lambda: reader.course_activities(course_id="no such course"),
        lambda: reader.courses(course_ids=["no such course"]),
        lambda: reader.courses(path_id="no such path"),
        lambda: reader.users_behind(
            activity_id="no such activity", action=reports_pb2.ACTION_VIEW),
    )
    for request in requests:
        with pytest.raises(grpc.RpcError) as error:
            request()
        assert error.value.code() == grpc.StatusCode.NOT_FOUND


def test_a_list_without_action_or_target_is_an_invalid_argument(reader):
    known = reader.courses().rows[0].course_id
    for request in ({"course_id": known}, {"action": reports_pb2.ACTION_VIEW},
                    {"course_id": known, "action": reports_pb2.ACTION_DOWNLOAD}):
        with pytest.raises(grpc.RpcError) as error:
            reader.users_behind(**request)
        assert error.value.code() == grpc.StatusCode.INVALID_ARGUMENT


def test_a_revision_from_the_future_is_out_of_range_and_of_another_store_refused(
        server, sample, reader):
    newest = server.status().applied
    future = type(newest)(
        store_id=newest.store_id, timeline=newest.timeline,
        position=server.status().durable_position + 1_000_000)
    foreign = type(newest)(store_id=b"\1" * 16, timeline=newest.timeline, position=1)

    for revision, code in ((future, grpc.StatusCode.OUT_OF_RANGE),
                           (foreign, grpc.StatusCode.FAILED_PRECONDITION)):
        with pytest.raises(grpc.RpcError) as error:
            Reader(server, reader.tenant, revision).groups()
        assert error.value.code() == code


def test_events_sent_again_are_duplicates_and_change_nothing(server, sample, reader):
    before = reader.courses()
    events = samples.events(reader.tenant)[:1000]

    answer = samples.send(server, [ingest_pb2.IngestRequest(
        tenant=reader.tenant, sequence=7, events=events,
        answer_when=ingest_pb2.ANSWER_WHEN_APPLIED)])[0]
    after = Reader(server, reader.tenant, answer.revision).courses()

    assert answer.applied == 0
    assert answer.duplicate + answer.superseded == len(events) == answer.taken
    assert len(answer.verdicts) == len(events)
    assert after.rows == before.rows
    assert after.trailer.digest == before.trailer.digest
