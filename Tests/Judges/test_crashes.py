"""Nothing that was acknowledged is lost by a crash, and nothing counts twice.

Two processes of crash_rounds.py, which says what a round is. TALLY_CRASH_ROUNDS and
TALLY_CRASH_SEED choose how many rounds and which.
"""

import collections
import json
import os
import pathlib
import random
import subprocess
import sys

import pytest
from crash_check import Findings
from crash_client import Batch
from crash_history import MARKER
from crash_points import POINTS
from crash_rounds import Store
from tallyd import eventually

FOLDER = pathlib.Path(__file__).parent
WORKERS = 2
ROUNDS = int(os.environ.get("TALLY_CRASH_ROUNDS", "70"))
SEED = int(os.environ.get("TALLY_CRASH_SEED") or random.SystemRandom().randrange(1_000_000))
# Generous: a round takes half a second on two free cores.
SECONDS = 300 + 15 * ROUNDS


def work(stubs, folder):
    """Starts the workers; what their rounds found."""
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join([stubs, str(FOLDER)]))
    workers = []
    for number in range(WORKERS):
        own = folder / f"worker{number}"
        own.mkdir()
        workers.append(subprocess.Popen(
            [sys.executable, str(FOLDER / "crash_rounds.py"), "--folder", str(own),
             "--rounds", str(-(-ROUNDS // WORKERS)), "--seed", str(WORKERS * SEED + number),
             "--part", f"{number}/{WORKERS}"],
            env=environment, stdout=subprocess.PIPE, text=True))
    try:
        said = [worker.communicate(timeout=SECONDS)[0] for worker in workers]
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    return [json.loads(line) for text in said for line in text.splitlines()]


def summary(rounds, is_long):
    kills = collections.Counter(each["point"] for each in rounds if each["hit"])
    lines = [
        f"crashes, seed {SEED}: {len(rounds)} rounds, {sum(kills.values())} kills, "
        f"{kills['any moment']} of them at any moment, at {len(kills) - 1} named points, "
        f"{sum(each['acknowledged'] for each in rounds)} events acknowledged, "
        f"{sum(each['lost'] for each in rounds)} lost, "
        f"{sum(each['doubled'] for each in rounds)} counted twice, "
        f"{sum(each['torn'] for each in rounds)} torn tails cut off"]
    if is_long:
        lines += [f"{count:6} {name}" for name, count in sorted(kills.items())]
    return "\n".join(lines)


def test_no_acknowledged_event_is_lost_or_counted_twice(request, tmp_path, capsys):
    rounds = work(request.config.stubs.name, tmp_path)

    with capsys.disabled():
        print("\n" + summary(rounds, is_long=ROUNDS > 1_000))
    wrong = [each for each in rounds if each["lost"] or each["doubled"] or each["wrong"]]
    assert not wrong, f"{wrong[0]}, the store is below {tmp_path}"
    assert len(rounds) >= ROUNDS
    hit = {each["point"] for each in rounds if each["hit"]}
    assert hit >= {point.name for point in POINTS}, "a named point was never reached"
    assert any(each["torn"] for each in rounds), "no log ended in a torn tail"


# The harness finds what it is there to find.


@pytest.fixture
def store(tmp_path):
    """A store after a round, the server of which was killed and has a successor."""
    made = Store(tmp_path / "store", 7)
    made.open()
    ingest(made, answers=30)
    made.die()
    made.open()
    yield made
    if made.server:
        made.die()


def ingest(store, answers, applied_share=None):
    for client in store.clients:
        client.go(store.server, applied_share)
    eventually(
        lambda: sum(client.answers for client in store.clients) >= answers, "answers come")
    store.server.process.kill()
    for client in store.clients:
        client.stop()


def test_the_check_finds_nothing_wrong_where_nothing_is(store):
    assert store.check.run(store.server) == Findings()
    store.settle()
    assert store.check.run(store.server) == Findings()
    assert store.acknowledged() > 100


def test_an_acknowledged_batch_that_is_not_there_is_lost(store):
    client = store.clients[0]
    tenant, events = client._history.batch(99)
    client.journal.append(Batch(99, tenant, events, position=1))

    findings = store.check.run(store.server)

    assert findings.lost == len(events) and not findings.doubled


def test_an_event_that_the_journal_does_not_have_is_counted_as_one_too_many(store):
    # The last batch: no later one repeats its events.
    batch = store.clients[1].acknowledged()[-1]
    batch.events[:] = [event for event in batch.events if event.attempt.course_id != MARKER]

    findings = store.check.run(store.server)

    assert (findings.doubled, findings.lost) == (1, 0)


def test_a_batch_that_the_journal_does_not_have_was_never_sent(store):
    client = store.clients[2]
    client.journal.remove(client.acknowledged()[0])

    assert store.check.run(store.server).doubled


def test_a_position_that_a_restart_forgot_is_found(store):
    store.clients[0].acknowledged()[0].position += 1_000_000

    assert "was acknowledged, the newest durable one is" in store.check.run(store.server).wrong[0]


def test_a_disk_that_lies_loses_events_and_is_found(store):
    # Only the kill shows it: what was not written is gone with the process.
    store.faults.set("write:*.seg:every:skip;write:*/data.mdb*:every:skip")
    ingest(store, answers=20, applied_share=0)
    store.die()
    store.open()

    findings = store.check.run(store.server)

    assert findings.lost > 0 and "is lost" in findings.wrong[0]
