"""What an event costs as the history grows: 1, 10 and 50 million events in Scripts/test-long.

Times are printed, never asserted; keys, bytes and sums are the same on every machine.
"""

import json
import os
import subprocess
import threading
import time

import pytest
from reports import Reader
from tallyd import ROOT, Tallyd

MARKS = [int(mark) for mark in os.environ.get("TALLY_GROWTH", "20000,80000,400000").split(",")]
EVENTS = MARKS[-1]
# So many events before each mark are measured. The directory comes before the first of them.
WINDOW = MARKS[0] // 4
BENCH = os.environ.get("TALLY_BENCH", str(ROOT / ".build/release/tally-bench"))
MIB = 1 << 20
HEADLINE = (
    f"{'ids':7}{'history':>11}{'events/s':>10}{'CPU us':>8}{'keys':>7}{'written B':>10}"
    f"{'stored B':>9}{'fold ms':>9}{'fold keys':>10}{'start s':>8}")


def ingest(server, ids, first, last):
    """Sends events first ..< last of the set and tells what the bench measured."""
    command = [
        BENCH, "ingest", "--stream", "--json", "--events", EVENTS, "--ids", ids, "--from", first,
        "--to", last, "--host", server.host, "--port", server.port, "--tenant", "growth"]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class Window:
    """What the server did while the last events before a mark came."""

    def __init__(self, server):
        self.server = server
        self.folds = {}
        self._stop = threading.Event()
        self._sampler = threading.Thread(target=self._sample)

    def _sample(self):
        while True:
            fold = self.server.status().last_fold
            self.folds[fold.folds] = fold
            if self._stop.is_set():
                return
            self._stop.wait(0.05)

    def __enter__(self):
        self._cpu, self._written = self._used()
        self._before = self.server.status().last_fold.folds
        self._sampler.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._sampler.join()
        # The fold that was the last before the window is not of it.
        self.folds.pop(self._before, None)
        cpu, written = self._used()
        self.cpu, self.written = cpu - self._cpu, written - self._written

    def _used(self):
        process = f"/proc/{self.server.process.pid}"
        with open(f"{process}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        with open(f"{process}/io") as file:
            written = next(line for line in file if line.startswith("write_bytes"))
        ticks = os.sysconf("SC_CLK_TCK")
        return (int(fields[11]) + int(fields[12])) / ticks, int(written.split()[1])


def measured(server, ids, mark):
    """Brings the events just before `mark` and gives a line of the table."""
    with Window(server) as window:
        bench = ingest(server, ids, mark - WINDOW, mark)
    folds = window.folds.values()
    events = sum(fold.events for fold in folds)
    keys = sum(fold.touched_keys for fold in folds)
    return {
        "rate": bench["applied_events_per_s"], "cpu": window.cpu * 1e6 / WINDOW, "keys": keys / events,
        "written": window.written / WINDOW,
        "fold": sorted(fold.duration.ToMilliseconds() for fold in folds)[len(folds) // 2],
        "fold keys": max(fold.touched_keys for fold in folds)}


@pytest.mark.parametrize("ids", ["time", "random"])
def test_an_event_costs_little_more_in_a_long_history(tmp_path, ids):
    rows = []
    sent = 0
    for mark in MARKS:
        with Tallyd(tmp_path) as server:
            if mark - WINDOW > sent:
                ingest(server, ids, sent, mark - WINDOW)
            row = measured(server, ids, mark)
            sent = mark
        began = time.monotonic()
        with Tallyd(tmp_path) as server:
            row["start"] = time.monotonic() - began
            status = server.status()
            row["stored"] = status.store.used_size / mark
            applied = status.applied
            assert Reader(server, "growth", applied).groups().rows, "the reports are there"
        rows.append(row)
    print(f"\n{HEADLINE}")
    for mark, row in zip(MARKS, rows):
        print(f"{ids:7}{mark:11,}{row['rate']:10,.0f}{row['cpu']:8.1f}{row['keys']:7.2f}"
              f"{row['written']:10,.0f}{row['stored']:9.0f}{row['fold']:9}"
              f"{row['fold keys']:10,}{row['start']:8.2f}")
    assert rows[-1]["stored"] < 2 * rows[0]["stored"]
    if ids == "time":
        assert rows[-1]["keys"] < 2 * rows[0]["keys"]
