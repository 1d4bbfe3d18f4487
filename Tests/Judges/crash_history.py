"""Random batches of events for crash tests: the same for the same seed, whatever the server does.

Facts are shared between clients (users, groups, courses, activities), so that versions of one fact
come from several, in any order and with equal times. Each batch also holds facts that no other
event touches: none of them can be lost, or counted twice, without a report that shows it.
"""

import random

from tally.v1 import events_pb2

# One attempt at this course a batch, by a user that is named after the batch: who is behind its
# views says which batches the store holds.
MARKER = "marker"
START = 1_700_000_000
USERS, GROUPS, COURSES, ACTIVITIES, PATHS, WORDS = 24, 5, 4, 12, 3, 40


def marker_user(client, number):
    return f"batch-{client}-{number}"


class History:
    """The batches of one client."""

    def __init__(self, seed, client, tenants, size=40):
        self._random = random.Random(f"{seed}/{client}")
        self._client = client
        self._tenants = tenants
        self._size = size
        self._old = []

    def batch(self, number):
        """The tenant and the events of the next batch."""
        self._number = number
        tenant = self._random.choice(self._tenants)
        events = [self._marker(), self._marker_course()]
        events += [self._event() for _ in range(self._random.randrange(self._size))]
        # Events that were sent already, by whichever batch: repeats must not count.
        events += [event for known, event in self._some_old(3) if known == tenant]
        self._random.shuffle(events)
        self._old.append((tenant, self._random.choice(events)))
        return tenant, events

    def _some_old(self, count):
        return self._random.sample(self._old, min(count, len(self._old)))

    def _marker(self):
        event = events_pb2.Event(attempt=events_pb2.AttemptFact(
            attempt_id=f"{self._client}-{self._number}", course_id=MARKER,
            user_id=marker_user(self._client, self._number)))
        event.occurred_at.FromSeconds(START)
        return event

    @staticmethod
    def _marker_course():
        """The same in every batch: without it there were no list of the course's views."""
        event = events_pb2.Event(course=events_pb2.CourseFact(
            course_id=MARKER, status=events_pb2.COURSE_STATUS_ACTIVE))
        event.occurred_at.FromSeconds(START)
        return event

    def _event(self):
        kinds = (
            self._user, self._group, self._membership, self._course, self._activity, self._path,
            *[self._attempt] * 6, *[self._reaction] * 4, *[self._comment] * 4, *[self._post] * 3,
            *[self._like] * 3, *[self._download] * 3)
        event = self._random.choice(kinds)()
        # Few times, so that equal ones are common.
        event.occurred_at.seconds = START + self._random.randrange(50)
        event.occurred_at.nanos = self._random.choice((0, 1, 999_999_999))
        return event

    def _one(self, kind, count):
        return f"{kind}{self._random.randrange(count)}"

    def _rarely(self):
        return self._random.random() < 0.15

    def _fresh(self, kind):
        """An id that no other batch uses, or one that all share."""
        if self._random.random() < 0.7:
            return f"{kind}-{self._client}-{self._number}-{self._random.randrange(1_000)}"
        return self._one(kind, WORDS)

    def _text(self):
        return self._random.choice(("", "Ada", "Grace", "Łucja", "名前", "a, \"b\""))

    def _user(self):
        return events_pb2.Event(user=events_pb2.UserFact(
            user_id=self._one("u", USERS), first_name=self._text(), last_name=self._text(),
            email=self._text(), additional_information=self._text(), deleted=self._rarely()))

    def _group(self):
        parent = "" if self._rarely() else self._one("g", GROUPS)
        return events_pb2.Event(group=events_pb2.GroupFact(
            group_id=self._one("g", GROUPS), name=self._text(), parent_group_id=parent,
            deleted=self._rarely()))

    def _membership(self):
        roles = self._random.choices(range(1, 5), k=self._random.randrange(3))
        return events_pb2.Event(membership=events_pb2.MembershipFact(
            group_id=self._one("g", GROUPS), user_id=self._one("u", USERS), roles=roles))

    def _tags(self):
        return [self._one("tag", 9) for _ in range(self._random.randrange(4))]

    def _course(self):
        id_ = MARKER if self._rarely() else self._one("c", COURSES)
        fact = events_pb2.CourseFact(
            course_id=id_, name=self._text(), author_user_id=self._one("u", USERS),
            co_author_user_ids=[self._one("u", USERS) for _ in range(self._random.randrange(3))],
            status=self._random.randrange(1, 4), tags=self._tags(), source_language="en",
            available_languages=self._tags())
        fact.created_at.seconds = self._random.randrange(1, START)
        fact.updated_at.seconds = self._random.randrange(1, START)
        return events_pb2.Event(course=fact)

    def _activity(self):
        fact = events_pb2.ActivityFact(
            activity_id=self._one("a", ACTIVITIES), title=self._text(), tags=self._tags(),
            course_id="" if self._rarely() else self._one("c", COURSES),
            type=self._random.randrange(1, 5), deleted=self._rarely())
        if not self._rarely():
            fact.updated_at.seconds = self._random.randrange(1, START)
        return events_pb2.Event(activity=fact)

    def _path(self):
        return events_pb2.Event(path=events_pb2.PathFact(
            path_id=self._one("p", PATHS), name=self._text(),
            course_ids=[self._one("c", COURSES) for _ in range(self._random.randrange(4))],
            author_user_id=self._one("u", USERS), deleted=self._rarely()))

    def _where(self):
        """An activity and the course in which it happened."""
        return {"activity_id": self._one("a", ACTIVITIES), "course_id": self._one("c", COURSES)}

    def _attempt(self):
        where = self._where()
        if self._random.random() < 0.3:
            del where["activity_id"]
        return events_pb2.Event(attempt=events_pb2.AttemptFact(
            attempt_id=self._fresh("t"), user_id=self._one("u", USERS), withdrawn=self._rarely(),
            **where))

    def _reaction(self):
        where, kinds = self._where(), range(1, 5)
        if self._random.random() < 0.3:
            del where["activity_id"]
            kinds = range(5, 7)
        return events_pb2.Event(reaction=events_pb2.ReactionFact(
            user_id=self._one("u", USERS), kind=self._random.choice(kinds),
            withdrawn=self._rarely(), **where))

    def _comment(self):
        where = self._random.choice((
            self._where(), self._where(), {"course_id": self._one("c", COURSES)},
            {"learning_need_id": "need"}, {"project_id": "project"}, {"path_session_id": "s"}))
        fact = events_pb2.CommentFact(
            comment_id=self._fresh("m"), user_id=self._one("u", USERS), archived=self._rarely(),
            deleted=self._rarely(), **where)
        fact.private = self._rarely()
        return events_pb2.Event(comment=fact)

    def _post(self):
        where = self._random.choice((
            {"group_id": self._one("g", GROUPS)}, {"session_id": "s"},
            {"profile_user_id": self._one("u", USERS)}))
        reply = "" if self._random.random() < 0.5 else self._one("o", WORDS)
        return events_pb2.Event(post=events_pb2.PostFact(
            post_id=self._fresh("o"), user_id=self._one("u", USERS), reply_to_post_id=reply,
            archived=self._rarely(), deleted=self._rarely(), **where))

    def _like(self):
        what = self._random.choice((
            {"post_id": self._one("o", WORDS)}, {"comment_id": self._one("m", WORDS)}))
        return events_pb2.Event(like=events_pb2.LikeFact(
            user_id=self._one("u", USERS), withdrawn=self._rarely(), **what))

    def _download(self):
        return events_pb2.Event(download=events_pb2.DownloadFact(
            download_id=self._fresh("d"), user_id=self._one("u", USERS),
            actor_role=self._random.randrange(1, 5), withdrawn=self._rarely(), **self._where()))
