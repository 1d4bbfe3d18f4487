"""Watch, followed by grpcio through kills and restarts of the server."""

import random
import threading
import time

import grpc
import pytest
import samples
from google.protobuf import timestamp_pb2
from reports import Reader
from tally.v1 import events_pb2, reports_pb2, reports_pb2_grpc
from tallyd import Tallyd, eventually

TENANT = "watched"
USERS = [f"u{number}" for number in range(12)]
GROUPS = [f"g{number}" for number in range(6)]
COURSES = [f"c{number}" for number in range(8)]
ACTIVITIES = [f"a{number}" for number in range(10)]


class Events:
    """Random facts, each newer than the one before: everything that a row is made of."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.clock = 1_700_000_000

    def __call__(self, count):
        return [self.event() for _ in range(count)]

    def event(self):
        dice = self.dice
        self.clock += 1
        event = events_pb2.Event(occurred_at=timestamp_pb2.Timestamp(seconds=self.clock))
        user, group, course, activity = map(dice.choice, (USERS, GROUPS, COURSES, ACTIVITIES))
        name = f"n{dice.randrange(1000)}"
        kind = dice.randrange(8)
        if kind == 0:
            event.user.user_id, event.user.first_name = user, name
            event.user.deleted = dice.random() < 0.2
        elif kind == 1:
            # Trees that move, and circles.
            event.group.group_id, event.group.name = group, name
            event.group.parent_group_id = dice.choice(["", *GROUPS])
            event.group.deleted = group != "g0" and dice.random() < 0.2
        elif kind == 2:
            event.membership.group_id, event.membership.user_id = group, user
            roles = dice.sample([1, 2, 3, 4], dice.randrange(3))
            event.membership.roles.extend(roles)
        elif kind == 3:
            event.course.course_id, event.course.name = course, name
            event.course.author_user_id = user
            event.course.co_author_user_ids.extend(dice.sample(USERS, 2))
            event.course.status = dice.choice([1, 2, 3])
        elif kind == 4:
            event.activity.activity_id, event.activity.title = activity, name
            event.activity.course_id = course
            event.activity.type = dice.choice([1, 2, 3])
            event.activity.deleted = dice.random() < 0.2
        elif kind == 5:
            event.attempt.attempt_id, event.attempt.user_id = f"t{self.clock}", user
            event.attempt.course_id = course
            if dice.random() < 0.6:
                event.attempt.activity_id = activity
        elif kind == 6:
            event.reaction.user_id, event.reaction.activity_id = user, activity
            event.reaction.course_id = course
            event.reaction.kind = dice.choice([1, 2, 3, 4])
            event.reaction.withdrawn = dice.random() < 0.3
        else:
            event.post.post_id, event.post.user_id = f"p{dice.randrange(30)}", user
            event.post.group_id = group
            event.post.deleted = dice.random() < 0.3
        return event


class Follower:
    """Keeps one report by what Watch sends; whoever starts a server tells it where."""

    def __init__(self, field, rows, key, request):
        self.field, self.rows_field, self.key, self.request = field, rows, key, request
        self.rows = {}
        self.mark = None
        self.calls = 0
        self.failure = None
        self.call = None
        self.thread = None

    def follow(self, server):
        self.thread = threading.Thread(target=self._run, args=(server,), daemon=True)
        self.thread.start()

    def _run(self, server):
        if self.mark is None:
            self.rows = {}
        request = reports_pb2.WatchRequest(since=self.mark, **{self.field: self.request})
        self.call = reports_pb2_grpc.ReportServiceStub(server.channel).Watch(request)
        self.calls += 1
        try:
            for response in self.call:
                for row in getattr(response, self.rows_field):
                    self.rows[getattr(row, self.key)] = row
                for gone in response.gone_ids:
                    self.rows.pop(gone, None)
                if response.HasField("mark"):
                    self.mark = response.mark.revision
        except grpc.RpcError as error:
            if error.code() not in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED):
                self.failure = error

    def stop(self):
        if self.call:
            self.call.cancel()
        self.thread.join(timeout=60)
        assert not self.thread.is_alive()
        assert self.failure is None, self.failure

    def reaches(self, position):
        assert self.failure is None, self.failure
        return self.mark is not None and self.mark.position >= position


def followers():
    return [
        Follower("courses", "courses", "course_id", reports_pb2.CoursesRequest(tenant=TENANT)),
        Follower(
            "course_activities", "course_activities", "activity_id",
            reports_pb2.CourseActivitiesRequest(tenant=TENANT, course_id="c0")),
        Follower(
            "group_users", "group_users", "user_id",
            reports_pb2.GroupUsersRequest(tenant=TENANT, group_id="g0")),
        Follower(
            "group_users", "group_users", "user_id",
            reports_pb2.GroupUsersRequest(tenant=TENANT, group_id="g0", role=1)),
    ]


def reports(server, revision):
    reader = Reader(server, TENANT, revision)
    return [
        reader.courses(), reader.course_activities(course_id="c0"),
        reader.group_users(group_id="g0"), reader.group_users(group_id="g0", role=1)]


def first_facts():
    group = events_pb2.Event(occurred_at=timestamp_pb2.Timestamp(seconds=1_600_000_000))
    group.group.group_id = "g0"
    course = events_pb2.Event(occurred_at=timestamp_pb2.Timestamp(seconds=1_600_000_000))
    course.course.course_id, course.course.status = "c0", 1
    return [group, course]


def test_followers_have_the_report_through_kills_and_restarts(tmp_path):
    events = Events(7)
    watching = followers()
    revision = None
    for life in range(5):
        with Tallyd(tmp_path) as server:
            if life == 0:
                Reader(server, TENANT, samples.ingest(server, TENANT, first_facts())).courses()
            for follower in watching:
                follower.follow(server)
            for _ in range(4):
                revision = samples.ingest(server, TENANT, events(60), size=20)
                if events.dice.random() < 0.5:
                    time.sleep(events.dice.random() * 0.6)
            if life == 4:
                # Nothing comes any more: every watch ends up with the report.
                for follower in watching:
                    eventually(lambda: follower.reaches(revision.position), "a mark that is new")
                for follower, report in zip(watching, reports(server, revision)):
                    assert report.header.revision == follower.mark
                    expected = {getattr(row, follower.key): row for row in report.rows}
                    assert follower.rows == expected
            elif life % 2 == 0:
                server.process.kill()
                server.process.wait()
            else:
                server.stop()
            for follower in watching:
                follower.stop()
    assert all(follower.calls == 5 for follower in watching)


def test_a_watch_from_a_report_gets_only_what_changed_since(server):
    events = Events(3)
    revision = samples.ingest(server, TENANT, first_facts() + events(400))
    before = Reader(server, TENANT, revision).courses()
    changed = events_pb2.Event(occurred_at=timestamp_pb2.Timestamp(seconds=events.clock + 1))
    changed.attempt.attempt_id, changed.attempt.user_id = "late", "u1"
    changed.attempt.course_id = "c0"
    revision = samples.ingest(server, TENANT, [changed])

    rows = []
    call = reports_pb2_grpc.ReportServiceStub(server.channel).Watch(
        reports_pb2.WatchRequest(
            courses=reports_pb2.CoursesRequest(tenant=TENANT), since=before.header.revision),
        timeout=60)
    for response in call:
        rows += response.courses
        if response.HasField("mark") and response.mark.revision.position >= revision.position:
            call.cancel()
            break

    old = {row.course_id: row.views for row in before.rows}
    assert [(row.course_id, row.views) for row in rows] == [("c0", old["c0"] + 1)]


@pytest.mark.parametrize("change, code", [
    (lambda revision: setattr(revision, "timeline", revision.timeline + 1), "FAILED_PRECONDITION"),
    (lambda revision: setattr(revision, "store_id", bytes(16)), "FAILED_PRECONDITION"),
    (lambda revision: setattr(revision, "position", 1 << 40), "OUT_OF_RANGE"),
])
def test_a_watch_from_elsewhere_is_refused(server, change, code):
    revision = samples.ingest(server, TENANT, first_facts())
    change(revision)

    with pytest.raises(grpc.RpcError) as refusal:
        next(reports_pb2_grpc.ReportServiceStub(server.channel).Watch(
            reports_pb2.WatchRequest(
                courses=reports_pb2.CoursesRequest(tenant=TENANT), since=revision), timeout=60))

    assert refusal.value.code().name == code


def test_a_server_that_stops_ends_watches_as_unavailable(tmp_path):
    with Tallyd(tmp_path) as server:
        Reader(server, TENANT, samples.ingest(server, TENANT, first_facts())).courses()
        call = reports_pb2_grpc.ReportServiceStub(server.channel).Watch(
            reports_pb2.WatchRequest(courses=reports_pb2.CoursesRequest(tenant=TENANT)))
        assert [row.course_id for row in next(call).courses] == ["c0"]
        assert next(call).HasField("mark")

        server.terminate()

        with pytest.raises(grpc.RpcError) as end:
            next(call)
        assert end.value.code() == grpc.StatusCode.UNAVAILABLE
        assert server.process.wait(timeout=60) == 0
