"""Rounds of ingest, kill, restart and recount, on the real server.

    python crash_rounds.py --folder /tmp/x --rounds 100 --seed 1

prints a JSON object a round; the modules of the schema must be in PYTHONPATH. Goes on until each
named point was hit, for three times as many rounds at most.

A round is one server process on a store that earlier rounds left: clients send again what was never answered and go on; the server is killed at a named point or at
any moment; a new process opens the store, which must hold every batch that was acknowledged, no
half of a batch, and every event once. Each few rounds all batches are brought to an answer, the
server is stopped in order, and the next rounds begin with a new store.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time
import traceback

from crash_check import Check
from crash_client import Caller, Client
from crash_points import POINTS, UNAPPLIED
from faults import Faults
from tallyd import TIMEOUT, Tallyd, eventually, start

OPTIONS = ("--log-segment-size", "64K", "--map-size", "1G", "--log-keep-size", "320K")
RPCS = ("Compact", "Backup")
# What a start removes if a kill left it.
LEFTOVERS = ("compact", "data.unfinished", "format.unfinished", "spool/*")
CLIENTS = 3
# How many rounds a store sees, and how many of them end at any moment.
STORE_ROUNDS = 2, 9
ANY_MOMENT = 0.25
# Older than the log is kept.
WEEKS = 15 * 24 * 3600
# How long a point may take to be reached.
REACH = 4
TORN = "log ended in the middle of a batch"


class Store:
    """One data directory, its clients and the server on it."""

    def __init__(self, folder, seed):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.data = self.folder / "data"
        self.random = random.Random(f"{seed}/store")
        tenants = [f"tenant {number}" for number in range(self.random.randrange(1, 4))]
        self.clients = [
            Client(seed, f"client{number}", tenants) for number in range(CLIENTS)]
        self.check = Check(self.clients, self.random)
        self.identity = None
        self.torn_tails = 0
        self.caller_complaints = []
        self.server = self.faults = None

    def open(self):
        """Starts a server that is to serve."""
        self.faults = Faults(self.folder)
        self.server = Tallyd(self.data, *OPTIONS, environment=self.faults.environment())
        applied = self.server.status().applied
        identity = applied.store_id, applied.timeline
        assert self.identity in (None, identity), "the store has become another one"
        self.identity = identity
        for name in LEFTOVERS:
            left = list(self.data.glob(name))
            assert not left, f"a start left {left}"

    def die(self):
        """After a kill: lets go of the server. What it wrote to its log before is counted."""
        self.server.process.kill()
        self.server.stop()
        self.torn_tails += sum(TORN in line for line in self.server.log)
        self.faults.close()
        self.server = None

    def start_and_die(self, rule):
        """Starts a server that is to be killed before it serves; whether it was."""
        with Faults(self.folder) as faults:
            process = start(
                self.data, "127.0.0.1:0", *OPTIONS, environment=faults.environment(rule))
            try:
                eventually(
                    lambda: process.poll() is not None or faults.acted(), "the start ends", REACH)
                process.wait(TIMEOUT)
            except AssertionError:
                process.kill()
            process.communicate()
            assert process.returncode == -signal.SIGKILL, f"exit code {process.returncode}"
            return faults.acted() == 1

    def age(self):
        """Makes the segments that there are older than the log is kept."""
        segments = sorted((self.data / "log").glob("*.seg"))
        old = time.time() - WEEKS
        for segment in segments:
            os.utime(segment, (old, old))
        return len(segments) > 1

    def settle(self):
        """Brings every batch to an answer."""
        for client in self.clients:
            client.go(self.server)
        for client in self.clients:
            client.stop()
        left = [batch for client in self.clients for batch in client.journal
                if batch.position is None]
        assert not left, f"{len(left)} batches were never answered"

    def complaints(self):
        return self.caller_complaints + [
            f"{client.name}: {text}" for client in self.clients for text in client.complaints]

    def acknowledged(self):
        return sum(len(batch.events) for client in self.clients for batch in client.acknowledged())


class Rounds:
    def __init__(self, folder, seed, points):
        self.folder = pathlib.Path(folder)
        self.seed = seed
        self.random = random.Random(seed)
        self.points = list(points)
        # Those that are still to be hit, before any is hit again.
        self.left = collections.deque(self.random.sample(self.points, len(self.points)))
        self.hit = set()
        self.store = self.point = None
        self.round = 0

    def _next_point(self):
        """A named point, each as often as any other, or None: any moment."""
        if not self.points or self.random.random() < ANY_MOMENT:
            return None
        if not self.left:
            self.left.extend(self.random.sample(self.points, len(self.points)))
        for _ in range(len(self.left)):
            point = self.left.popleft()
            if self._can_reach(point):
                return point
            self.left.append(point)
        if all(point.when == "fresh" for point in self.left):
            self.ends = self.round
        return None

    def _can_reach(self, point):
        if point.when == "removal":
            return len(list((self.store.data / "log").glob("*.seg"))) > 2
        return point.when in ("running", *RPCS) or (
            (point.when == "fresh") != self.store.data.exists())

    def run(self):
        """One round; what it was and found, as JSON has it."""
        self.round += 1
        started = time.monotonic()
        if self.store is None:
            self.store = Store(self.folder / f"store{self.round}", f"{self.seed}/{self.round}")
            self.ends = self.round + self.random.randrange(*STORE_ROUNDS)
        store = self.store
        before = store.acknowledged(), store.torn_tails
        self.point = point = self._next_point()
        is_hit = self._kill(store, point)
        if point and not is_hit:
            self.left.append(point)
        if point and is_hit:
            self.hit.add(point)
        store.open()
        findings = store.check.run(store.server)
        if self.round >= self.ends and not findings:
            findings = self._finish(store)
        findings.wrong += store.complaints()
        torn = store.torn_tails - before[1]
        return self._told(
            hit=is_hit, acknowledged=store.acknowledged() - before[0], torn=torn,
            lost=findings.lost, doubled=findings.doubled, wrong=findings.wrong,
            seconds=round(time.monotonic() - started, 3))

    def failure(self, text):
        """A round that could not be ended: a server that does not start, for example."""
        return self._told(
            hit=False, acknowledged=0, torn=0, lost=0, doubled=0, wrong=[text], seconds=0)

    def _told(self, **facts):
        name = self.point.name if self.point else "any moment"
        return {"seed": self.seed, "round": self.round, "point": name, **facts}

    def _kill(self, store, point):
        """Ingests until the server is dead; whether that was at the point."""
        if point is None or point.when == "running":
            return self._ingest(store, point and point.rule(self.random))
        if point.when in RPCS:
            return self._ingest(store, point.rule(self.random), point.when)
        if point.when == "replay" and not self._ingest(store, UNAPPLIED):
            return False
        if store.server:
            store.die()
        if point.when == "removal" and not store.age():
            return False
        return store.start_and_die(point.rule(self.random))

    def _ingest(self, store, rule, rpc=None):
        """Until the rule kills the server, or at any moment; whether it was killed so."""
        if rule is None and self.random.random() < 0.3:
            rpc = self.random.choice(RPCS)
        if store.server is None:
            store.open()
        for client in store.clients:
            client.go(store.server)
        enough = self.random.randrange(60)
        process = store.server.process
        eventually(
            lambda: sum(client.answers for client in store.clients) >= enough, "answers come")
        if rule:
            store.faults.set(rule)
        caller = Caller(store.server, rpc) if rpc else None
        if rule:
            is_hit = self._wait(process, REACH) and store.faults.acted() == 1
            assert store.faults.is_set or not is_hit
        else:
            self._wait(process, self.random.random() * 0.3)
            is_hit = process.poll() is None
        process.kill()
        process.wait(TIMEOUT)
        for client in store.clients:
            client.stop()
        if caller:
            caller.join()
            store.caller_complaints += caller.complaints
        code = process.returncode
        store.die()
        assert code == -signal.SIGKILL, f"the server ended by itself, with {code}"
        return is_hit

    @staticmethod
    def _wait(process, seconds):
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _finish(self, store):
        """The end of a store: everything answered, a stop in order, and one more look."""
        store.settle()
        findings = store.check.run(store.server)
        code = store.server.stop()
        if code:
            findings.wrong.append(f"the server stopped with {code}")
        if not findings:
            store.faults.close()
            store.torn_tails += sum(TORN in line for line in store.server.log)
            store.open()
            findings = store.check.run(store.server)
        if not findings:
            self.close()
        return findings

    def close(self):
        if self.store and self.store.server:
            self.store.die()
        if self.store:
            shutil.rmtree(self.store.folder, ignore_errors=True)
        self.store = None


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--folder", required=True, help="where the stores lie; must exist")
    options.add_argument("--rounds", type=int, required=True)
    options.add_argument("--seed", type=int, required=True)
    options.add_argument("--part", default="0/1", help="N/M: the N-th of M parts of the points")
    options = options.parse_args()
    part, parts = map(int, options.part.split("/"))
    rounds = Rounds(options.folder, options.seed, POINTS[part::parts])
    while rounds.round < options.rounds or (
            len(rounds.hit) < len(rounds.points) and rounds.round < 3 * options.rounds):
        try:
            found = rounds.run()
        except Exception:
            found = rounds.failure(traceback.format_exc())
        print(json.dumps(found), flush=True)
        if found["wrong"] or found["lost"] or found["doubled"]:
            # The store stays for a person to look at.
            if rounds.store and rounds.store.server:
                rounds.store.server.process.kill()
            sys.exit(1)
    rounds.close()


if __name__ == "__main__":
    main()
