"""The downloaded files, written from typed rows as rules.md, section 7, says."""

from tally.v1 import events_pb2, reports_pb2

GROUP_USERS = "First name,Last name,Email,Additional information,Publications,Comments,Reactions"
GROUPS = "Name,Publications,Comments,Reactions"
COURSE = (
    "Title,Views,Likes,Learned something,Outdated,Have a question,Comments,Downloads,Type")
COURSES = (
    "Course Name,Course ID,Author,Co-authors,Views,Status,Creation date,Last update,"
    "Reaction Score,Likes,Learned something,Outdated,Have a question,Useful,Irrelevant,Documents,"
    "Cheat sheets,Questions,Source language,Available translation languages,"
    "Unavailable translation languages,Tags,Group")
COURSES_TABLE = (
    "Course Name,Reaction score,Comments,Views,Likes,Learned something,Outdated,Have a question,"
    "Useful,Irrelevant")
BEHIND = "Target,ID,Action,User ID,Count"

KINDS = ("likes", "learned_something", "outdated", "have_a_question")
TYPES = {1: "Document", 2: "Cheat Sheet", 3: "Question"}


def text(header, rows):
    lines = [header] + [",".join(cell(value) for value in row) for row in rows]
    return "".join(line + "\r\n" for line in lines).encode()


def cell(value):
    value = "" if value is None else str(value)
    if any(special in value for special in ',"\r\n'):
        value = '"' + value.replace('"', '""') + '"'
    return value


def optional(row, field):
    return getattr(row, field) if row.HasField(field) else None


def time(row, field):
    """Milliseconds are cut."""
    if not row.HasField(field):
        return None
    stamp = getattr(row, field)
    return stamp.ToDatetime().strftime("%Y-%m-%dT%H:%M:%S") + ".%03dZ" % (stamp.nanos // 1_000_000)


def group_users(rows):
    return text(GROUP_USERS, [
        (row.first_name, row.last_name, row.email, row.additional_information, row.publications,
         row.comments, row.reactions) for row in rows])


def groups(rows):
    return text(GROUPS, [(row.name, row.publications, row.comments, row.reactions) for row in rows])


def course(rows):
    return text(COURSE, [
        (row.title, row.views, *(getattr(row, kind) for kind in KINDS), row.comments,
         optional(row, "downloads"), TYPES.get(row.type, row.type)) for row in rows])


def courses(rows):
    return text(COURSES, [
        (row.name, row.course_id, row.author_name, "|".join(row.co_author_names), row.views,
         status(row.status), time(row, "created_at"), time(row, "last_update"),
         optional(row, "reaction_score"), *(getattr(row, kind) for kind in KINDS), row.useful,
         row.irrelevant, row.documents, row.cheat_sheets, row.questions, row.source_language,
         "|".join(row.available_languages), "|".join(row.unavailable_languages),
         "|".join(row.tags), row.group_name) for row in rows])


def status(value):
    return events_pb2.CourseStatus.Name(value).removeprefix("COURSE_STATUS_").capitalize()


def courses_table(rows):
    return text(COURSES_TABLE, [
        (row.name, optional(row, "reaction_score"), row.comments, row.views,
         *(getattr(row, kind) for kind in KINDS), row.useful, row.irrelevant) for row in rows])


def behind(lists):
    """`lists` maps (target, id, action) to rows."""
    return text(BEHIND, [
        (*key, row.user_id, row.count) for key, rows in lists.items() for row in rows])


def actions(target):
    """The actions of a target's row, by the names that behind.csv has."""
    last = ("COMMENT", "DOWNLOAD") if target == "activity" else ("USEFUL", "IRRELEVANT", "COMMENT")
    names = ("VIEW", "LIKE", "LEARNED_SOMETHING", "OUTDATED", "HAVE_A_QUESTION", *last)
    return {name: reports_pb2.Action.Value(f"ACTION_{name}") for name in names}
