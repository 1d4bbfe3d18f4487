"""What a failed call tells programs: google.rpc's details, read by grpcio-status."""

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_status import rpc_status
from tally.v1 import (
    admin_pb2, admin_pb2_grpc, events_pb2, ingest_pb2, ingest_pb2_grpc, reports_pb2,
    reports_pb2_grpc, revision_pb2)


class Failure:
    """How a call ended: code, and details by type. rpc_status checks that the codes agree."""

    def __init__(self, call):
        with pytest.raises(grpc.RpcError) as caught:
            call()
        error = caught.value
        status = rpc_status.from_call(error)
        assert status is not None, f"{error} has no details"
        assert status.code == error.code().value[0]
        assert status.message == error.details()
        self.code = error.code()
        self.details = {}
        for packed in status.details:
            kind = getattr(error_details_pb2, packed.TypeName().removeprefix("google.rpc."))
            message = kind()
            assert packed.Unpack(message)
            self.details[kind] = message
        self.size = sum(len(key) + len(value) + 32 for key, value in error.trailing_metadata())
        assert self.size < 8192
        assert self.info.domain == "tally"

    @property
    def info(self):
        return self.details[error_details_pb2.ErrorInfo]

    @property
    def fields(self):
        return [violation.field for violation in
                self.details[error_details_pb2.BadRequest].field_violations]


@pytest.fixture
def reports(server):
    return reports_pb2_grpc.ReportServiceStub(server.channel)


@pytest.fixture(scope="module", autouse=True)
def tenant(server):
    """A tenant with one course."""
    stub = ingest_pb2_grpc.IngestServiceStub(server.channel)
    course = events_pb2.CourseFact(
        course_id="c", name="C", status=events_pb2.COURSE_STATUS_ACTIVE)
    event = events_pb2.Event(course=course)
    event.occurred_at.FromSeconds(1_700_000_000)
    answers = stub.Ingest(iter([ingest_pb2.IngestRequest(
        tenant="details", events=[event], answer_when=ingest_pb2.ANSWER_WHEN_APPLIED)]), timeout=20)
    answer = next(iter(answers))
    assert answer.taken == 1
    return answer.revision


def test_each_bad_field_of_a_request_is_named_by_its_path(reports):
    many = reports_pb2.ReportOptions(max_rows_per_part=10_001)
    for call, request, field in (
        (reports.Groups, reports_pb2.GroupsRequest(), "tenant"),
        (reports.Groups, reports_pb2.GroupsRequest(tenant="details", options=many),
         "options.max_rows_per_part"),
        (reports.GroupUsers, reports_pb2.GroupUsersRequest(tenant="details"), "group_id"),
        (reports.GroupUsers,
         reports_pb2.GroupUsersRequest(tenant="details", group_id="g", role=77), "role"),
        (reports.CourseActivities,
         reports_pb2.CourseActivitiesRequest(tenant="details", course_id="x" * 129), "course_id"),
        (reports.Courses,
         reports_pb2.CoursesRequest(tenant="details", course_ids=["a", "b", ""]), "course_ids[2]"),
        (reports.UsersBehind, reports_pb2.UsersBehindRequest(tenant="details"), "target"),
        (reports.UsersBehind,
         reports_pb2.UsersBehindRequest(tenant="details", course_id="c"), "action"),
    ):
        failure = Failure(lambda: list(call(request, timeout=20)))

        assert failure.code == grpc.StatusCode.INVALID_ARGUMENT
        assert failure.info.reason == "INVALID_FIELD"
        assert failure.fields == [field]


def test_a_batch_with_a_bad_field_ends_its_stream_with_the_path(server):
    stub = ingest_pb2_grpc.IngestServiceStub(server.channel)

    failure = Failure(lambda: list(stub.Ingest(iter([ingest_pb2.IngestRequest()]), timeout=20)))

    assert failure.code == grpc.StatusCode.INVALID_ARGUMENT
    assert failure.fields == ["tenant"]


def test_what_is_not_there_is_named_by_kind_and_id(server, reports):
    admin = admin_pb2_grpc.AdminServiceStub(server.channel)
    for call, kind, name in (
        (lambda: list(reports.Groups(reports_pb2.GroupsRequest(tenant="nö"), timeout=20)),
         "tenant", "nö"),
        (lambda: admin.Status(admin_pb2.StatusRequest(tenant="no"), timeout=20), "tenant", "no"),
        (lambda: list(reports.Courses(
            reports_pb2.CoursesRequest(tenant="details", course_ids=["c", "d"]), timeout=20)),
         "course", "d"),
        (lambda: list(reports.GroupUsers(
            reports_pb2.GroupUsersRequest(tenant="details", group_id="g"), timeout=20)),
         "group", "g"),
    ):
        failure = Failure(call)

        assert failure.code == grpc.StatusCode.NOT_FOUND
        assert failure.info.reason == "UNKNOWN_RESOURCE"
        resource = failure.details[error_details_pb2.ResourceInfo]
        assert (resource.resource_type, resource.resource_name) == (kind, name)


def test_details_stay_small_whatever_was_asked_for(server):
    stub = health_pb2_grpc.HealthStub(server.channel)
    request = health_pb2.HealthCheckRequest(service="ö" * 1_000_000)

    failure = Failure(lambda: stub.Check(request, timeout=20))

    assert failure.code == grpc.StatusCode.NOT_FOUND
    assert failure.size < 2500
    name = failure.details[error_details_pb2.ResourceInfo].resource_name
    assert name == "ö" * 256


def test_a_revision_that_is_not_there_says_which_way(reports, tenant):
    ahead = revision_pb2.Revision()
    ahead.CopyFrom(tenant)
    ahead.position += 1_000_000
    other = revision_pb2.Revision()
    other.CopyFrom(tenant)
    other.store_id = b"\7" * 16
    for revision, code, reason in (
        (ahead, grpc.StatusCode.OUT_OF_RANGE, "REVISION_AHEAD"),
        (other, grpc.StatusCode.FAILED_PRECONDITION, "OTHER_STORE"),
    ):
        options = reports_pb2.ReportOptions(min_revision=revision)
        request = reports_pb2.GroupsRequest(tenant="details", options=options)

        failure = Failure(lambda: list(reports.Groups(request, timeout=20)))

        assert failure.code == code
        assert failure.info.reason == reason
        assert failure.fields == ["options.min_revision"]
