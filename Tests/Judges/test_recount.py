"""The recount that crash tests trust, held against the samples' expected files."""

import random

import files
import pytest
import recount
import samples


@pytest.fixture(scope="module", params=("edge-cases", "french-meta"))
def sample(request):
    return request.param, recount.Recount(samples.events(request.param))


def ids(name, prefix):
    names = [each for each in samples.expected(name) if each.startswith(f"{prefix}.")]
    return [each.removeprefix(f"{prefix}.").removesuffix(".csv") for each in names]


def test_groups_and_courses_equal_the_expected_files(sample):
    name, counted = sample
    expected = samples.expected(name)

    assert files.groups(counted.groups_rows()) == expected["groups.csv"]
    assert files.courses(counted.courses_rows()) == expected["courses.csv"]
    assert files.courses_table(counted.courses_rows()) == expected["courses-table.csv"]


def test_users_of_groups_and_activities_of_courses_equal_the_expected_files(sample):
    name, counted = sample
    expected = samples.expected(name)

    for group in ids(name, "group-users"):
        rows = counted.group_users(group)
        assert files.group_users(rows) == expected[f"group-users.{group}.csv"], group
    for course in ids(name, "course"):
        rows = counted.course_activities(course)
        assert files.course(rows) == expected[f"course.{course}.csv"], course


def test_users_behind_every_number_equal_the_expected_file(sample):
    name, counted = sample
    counted.derive()
    found = {}
    for target, known in (("activity", counted.activities), ("course", counted.courses)):
        for id_ in known:
            for action, value in files.actions(target).items():
                try:
                    rows = counted.users_behind(value, **{f"{target}_id": id_})
                except recount.NoNumber:
                    continue
                if rows:
                    found[target, id_, action] = rows

    lines = sorted(files.behind(found).splitlines())
    assert lines == sorted(samples.expected(name)["behind.csv"].splitlines())


def test_order_and_repeats_of_events_mean_nothing():
    events = samples.events("edge-cases")
    shuffled = events + events[::3]
    random.Random(4).shuffle(shuffled)

    assert recount.Recount(shuffled).courses_rows() == recount.Recount(events).courses_rows()
    assert recount.Recount(shuffled).groups_rows(True) == recount.Recount(events).groups_rows(True)


def test_what_is_not_known_is_not_found():
    counted = recount.Recount(samples.events("edge-cases"))

    for call in (lambda: counted.group_users("none"), lambda: counted.course_activities("none"),
                 lambda: counted.courses_rows(["none"]), lambda: counted.courses_rows((), "none"),
                 lambda: counted.users_behind(1, activity_id="none")):
        with pytest.raises(recount.NotFound):
            call()
