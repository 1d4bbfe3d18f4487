"""Every report counted from scratch out of all events, straight from the counting rules.

Shares nothing with the server but the schema: facts are registers in a dictionary, rows are made
by going through all of them. test_recount.py holds it against the samples' expected files.
"""

import collections

from tally.v1 import events_pb2, reports_pb2

ACTIONS = {
    events_pb2.REACTION_KIND_LIKE: reports_pb2.ACTION_LIKE,
    events_pb2.REACTION_KIND_LEARNED_SOMETHING: reports_pb2.ACTION_LEARNED_SOMETHING,
    events_pb2.REACTION_KIND_OUTDATED: reports_pb2.ACTION_OUTDATED,
    events_pb2.REACTION_KIND_HAVE_A_QUESTION: reports_pb2.ACTION_HAVE_A_QUESTION,
    events_pb2.REACTION_KIND_USEFUL: reports_pb2.ACTION_USEFUL,
    events_pb2.REACTION_KIND_IRRELEVANT: reports_pb2.ACTION_IRRELEVANT,
}
COLUMNS = {
    "views": reports_pb2.ACTION_VIEW, "likes": reports_pb2.ACTION_LIKE,
    "learned_something": reports_pb2.ACTION_LEARNED_SOMETHING,
    "outdated": reports_pb2.ACTION_OUTDATED,
    "have_a_question": reports_pb2.ACTION_HAVE_A_QUESTION,
    "comments": reports_pb2.ACTION_COMMENT,
}
FILES = (events_pb2.ACTIVITY_TYPE_DOCUMENT, events_pb2.ACTIVITY_TYPE_CHEAT_SHEET)
TAGS_SHOWN = 500


class NotFound(Exception):
    """What the directory does not know."""


class NoNumber(Exception):
    """A cell without a list behind it."""


def key(event):
    """The natural key of an event's fact (section 1)."""
    kind = event.WhichOneof("fact")
    fact = getattr(event, kind)
    if kind == "membership":
        return kind, fact.group_id, fact.user_id
    if kind == "attempt":
        return kind, bool(fact.activity_id), fact.activity_id or fact.course_id, fact.attempt_id
    if kind == "reaction" and fact.activity_id:
        return kind, fact.activity_id, fact.kind, fact.user_id
    if kind == "reaction":
        return "relevance", fact.course_id, fact.user_id
    if kind == "like":
        return kind, bool(fact.post_id), fact.post_id or fact.comment_id, fact.user_id
    return kind, getattr(fact, f"{kind}_id")


def is_gone(fact):
    return getattr(fact, "deleted", False) or getattr(fact, "withdrawn", False)


def version(event):
    """What decides which of two events about one fact stands: the greater."""
    kind = event.WhichOneof("fact")
    fact = type(getattr(event, kind))()
    fact.CopyFrom(getattr(event, kind))
    fact.DiscardUnknownFields()
    if kind == "membership":
        roles = sorted(set(fact.roles))
        del fact.roles[:]
        fact.roles.extend(roles)
    time = event.occurred_at.seconds * 1_000_000_000 + event.occurred_at.nanos
    return time, is_gone(fact), fact.SerializeToString(deterministic=True)


def ordered(ids):
    return sorted(ids, key=str.encode)


class Recount:
    def __init__(self, events=()):
        self._standing = {}
        self._is_derived = False
        self.add(events)

    def add(self, events):
        for event in events:
            fact, made = key(event), version(event)
            if fact not in self._standing or made > self._standing[fact][0]:
                self._standing[fact] = made, event
        self._is_derived = False

    def copy(self):
        made = Recount()
        made._standing = dict(self._standing)
        return made

    def derive(self):
        """Sorts the standing facts by kind and counts them; every report does it by itself."""
        if self._is_derived:
            return
        self._is_derived = True
        facts = collections.defaultdict(list)
        for _, event in self._standing.values():
            kind = event.WhichOneof("fact")
            facts[kind].append(getattr(event, kind))
        for kind, plural in (("user", "users"), ("group", "groups"), ("course", "courses"),
                             ("activity", "activities"), ("path", "paths")):
            setattr(self, plural, {getattr(fact, f"{kind}_id"): fact for fact in facts[kind]})
        self.members = collections.defaultdict(dict)
        for fact in facts["membership"]:
            if fact.roles:
                self.members[fact.group_id][fact.user_id] = set(fact.roles)
        # Who counts in a cell of an activity or a course, as often as they do.
        self.behind = collections.defaultdict(collections.Counter)
        self.totals = collections.defaultdict(collections.Counter)
        self._count_views(facts)
        self._count_words(facts)

    def _count_views(self, facts):
        for fact in facts["attempt"]:
            if not fact.withdrawn:
                target = ("activity", fact.activity_id) if fact.activity_id else (
                    "course", fact.course_id)
                self.behind[*target, reports_pb2.ACTION_VIEW][fact.user_id] += 1
        for fact in facts["download"]:
            if not fact.withdrawn and fact.actor_role == events_pb2.ROLE_LEARNER:
                self.behind["activity", fact.activity_id, reports_pb2.ACTION_DOWNLOAD][
                    fact.user_id] += 1
        for fact in facts["reaction"]:
            if fact.withdrawn:
                continue
            action = ACTIONS[fact.kind]
            self.behind["course", fact.course_id, action][fact.user_id] += 1
            if fact.activity_id:
                self.behind["activity", fact.activity_id, action][fact.user_id] += 1
                self.totals[fact.user_id]["reactions"] += 1

    def _count_words(self, facts):
        posts = {fact.post_id: fact for fact in facts["post"]}
        comments = {fact.comment_id: fact for fact in facts["comment"]}
        for fact in posts.values():
            if not fact.deleted:
                column = "comments" if fact.reply_to_post_id else "publications"
                self.totals[fact.user_id][column] += 1
        for fact in comments.values():
            if fact.deleted:
                continue
            if not fact.path_session_id:
                self.totals[fact.user_id]["comments"] += 1
            if fact.activity_id and not fact.private and not fact.archived:
                for target in (("activity", fact.activity_id), ("course", fact.course_id)):
                    self.behind[*target, reports_pb2.ACTION_COMMENT][fact.user_id] += 1
        for fact in facts["like"]:
            liked = posts.get(fact.post_id) if fact.post_id else comments.get(fact.comment_id)
            if not fact.withdrawn and not (liked and liked.deleted):
                self.totals[fact.user_id]["reactions"] += 1

    # Section 3.

    def _rows_of(self, group, role):
        """Members who have a row: the directory knows them."""
        return {
            user for user, roles in self.members[group].items()
            if user in self.users and not self.users[user].deleted
            and (role is None or role in roles)}

    def group_users(self, group_id, role=None):
        self.derive()
        if group_id not in self.groups or self.groups[group_id].deleted:
            raise NotFound
        return [
            reports_pb2.GroupUserRow(
                user_id=user, first_name=known.first_name, last_name=known.last_name,
                email=known.email, additional_information=known.additional_information,
                **self.totals[user])
            for user in ordered(self._rows_of(group_id, role)) for known in (self.users[user],)]

    def groups_rows(self, include_subgroups=False):
        self.derive()
        rows = []
        for group_id in ordered(self.groups):
            group = self.groups[group_id]
            if group.deleted:
                continue
            included = self._tree(group_id) if include_subgroups else {group_id}
            learners = set().union(
                *(self._rows_of(each, events_pb2.ROLE_LEARNER) for each in included))
            sums = sum((self.totals[user] for user in learners), collections.Counter())
            rows.append(reports_pb2.GroupRow(group_id=group_id, name=group.name, **sums))
        return rows

    def _tree(self, group_id):
        included, fresh = set(), {group_id}
        while fresh:
            included |= fresh
            fresh = {
                each for each, group in self.groups.items()
                if group.parent_group_id in included and not group.deleted} - included
        return included

    # Section 4.

    def _current(self, course_id):
        return [
            self.activities[each] for each in ordered(self.activities)
            if self.activities[each].course_id == course_id and not self.activities[each].deleted]

    def _number(self, target, id_, action):
        return self.behind[target, id_, action].total()

    def course_activities(self, course_id):
        self.derive()
        if course_id not in self.courses:
            raise NotFound
        rows = []
        for activity in self._current(course_id):
            id_ = activity.activity_id
            row = reports_pb2.CourseActivityRow(
                activity_id=id_, title=activity.title, type=activity.type, **{
                    column: self._number("activity", id_, action)
                    for column, action in COLUMNS.items()})
            if activity.type in FILES:
                row.downloads = self._number("activity", id_, reports_pb2.ACTION_DOWNLOAD)
            rows.append(row)
        return rows

    # Section 5.

    def courses_rows(self, course_ids=(), path_id=None):
        self.derive()
        chosen = set(course_ids or self.courses)
        if not chosen <= self.courses.keys():
            raise NotFound
        if path_id is not None:
            if path_id not in self.paths or self.paths[path_id].deleted:
                raise NotFound
            chosen &= set(self.paths[path_id].course_ids)
        return [self._course(self.courses[each]) for each in ordered(chosen)]

    def _course(self, course):
        id_ = course.course_id
        current = self._current(id_)
        types = collections.Counter(activity.type for activity in current)
        tags = ordered({*course.tags, *(tag for each in current for tag in each.tags)})
        names = [self._name(user) for user in course.co_author_user_ids]
        row = reports_pb2.CourseRow(
            course_id=id_, name=course.name, status=course.status,
            source_language=course.source_language, available_languages=course.available_languages,
            unavailable_languages=course.unavailable_languages, tags=tags[:TAGS_SHOWN],
            tags_omitted=max(0, len(tags) - TAGS_SHOWN),
            documents=types[events_pb2.ACTIVITY_TYPE_DOCUMENT],
            cheat_sheets=types[events_pb2.ACTIVITY_TYPE_CHEAT_SHEET],
            questions=types[events_pb2.ACTIVITY_TYPE_QUESTION],
            author_name=self._name(course.author_user_id),
            co_author_names=[name for name in names if name],
            group_name=self._group_name(course.author_user_id),
            useful=self._number("course", id_, reports_pb2.ACTION_USEFUL),
            irrelevant=self._number("course", id_, reports_pb2.ACTION_IRRELEVANT), **{
                column: self._number("course", id_, action) for column, action in COLUMNS.items()})
        if course.HasField("created_at"):
            row.created_at.CopyFrom(course.created_at)
        times = [each.updated_at for each in (course, *current) if each.HasField("updated_at")]
        if times:
            row.last_update.CopyFrom(max(times, key=lambda time: (time.seconds, time.nanos)))
        self._score(row)
        return row

    @staticmethod
    def _score(row):
        row.low_sample = row.views < 10
        if not row.views:
            return
        net = (row.likes + row.learned_something + row.useful) - (
            row.outdated + row.have_a_question + row.irrelevant)
        # Half away from zero, in whole numbers.
        rounded = (200 * abs(net) + row.views) // (2 * row.views)
        row.reaction_score = max(-100, min(100, rounded if net > 0 else -rounded))
        row.score_band = (
            reports_pb2.SCORE_BAND_GREEN if row.reaction_score > 50
            else reports_pb2.SCORE_BAND_ORANGE if row.reaction_score >= 25
            else reports_pb2.SCORE_BAND_RED)

    def _name(self, user_id):
        user = self.users.get(user_id)
        return " ".join(filter(None, (user.first_name, user.last_name))) if user else ""

    def _group_name(self, user_id):
        """Of the deepest group in which the user has a role."""
        groups = [
            group for group, members in self.members.items()
            if user_id in members and group in self.groups and not self.groups[group].deleted]
        if not groups:
            return ""
        deepest = min(groups, key=lambda group: (-self._depth(group), group.encode()))
        return self.groups[deepest].name

    def _depth(self, group_id):
        walked = [group_id]
        while walked[-1] in self.groups:
            parent = self.groups[walked[-1]].parent_group_id
            if not parent or parent in walked:
                break
            walked.append(parent)
        return len(walked)

    # Section 6.

    def users_behind(self, action, activity_id=None, course_id=None):
        self.derive()
        if activity_id is not None:
            target, id_, known = "activity", activity_id, self.activities
            none = (reports_pb2.ACTION_USEFUL, reports_pb2.ACTION_IRRELEVANT)
        else:
            target, id_, known = "course", course_id, self.courses
            none = (reports_pb2.ACTION_DOWNLOAD,)
        if action in none:
            raise NoNumber
        if id_ not in known:
            raise NotFound
        if action == reports_pb2.ACTION_DOWNLOAD and known[id_].type not in FILES:
            raise NoNumber
        counts = self.behind[target, id_, action]
        empty = events_pb2.UserFact()
        rows = []
        for user in ordered(counts):
            fact = self.users.get(user, empty)
            rows.append(reports_pb2.UserBehindRow(
                user_id=user, first_name=fact.first_name, last_name=fact.last_name,
                email=fact.email, count=counts[user]))
        return rows
