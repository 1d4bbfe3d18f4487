"""Faults at chosen calls of the server: the library of faults/faults.c, which says what rules are.

    with Faults(tmp_path) as faults:
        with Tallyd(data, environment=faults.environment()) as server:
            faults.set("fdatasync:*.seg:1+:errno=EIO")
"""

import atexit
import functools
import mmap
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile

FOLDER = pathlib.Path(__file__).parent / "faults"
OPERATIONS = (
    "open", "read", "write", "send", "fdatasync", "fsync", "ftruncate", "mmap", "rename", "unlink",
    "mkdir", "malloc")
CONTROL_BYTES = 1 << 16
RULES_AT = 4096
RULES_BYTES = 1 << 13


@functools.cache
def library():
    """The compiled library; made once a run, gone at its end."""
    folder = tempfile.mkdtemp(prefix="tally-faults-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    compiler = next(filter(shutil.which, ("clang", "cc", "gcc")), None)
    assert compiler, "no C compiler: install clang or gcc"
    built = f"{folder}/faults.so"
    subprocess.run(
        [compiler, "-std=gnu11", "-O1", "-g", "-Wall", "-Werror", "-shared", "-fPIC",
         "-fvisibility=hidden", "-o", built, *map(str, sorted(FOLDER.glob("*.c")))], check=True)
    return built


class Faults:
    """Rules for processes started with `environment()`, and what became of them.

    They can be set at any time; a process takes them up at its next call that the library sees.
    All processes started from one of these share its numbers: use one for each process.
    """

    def __init__(self, folder, trace=False):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="faults-", dir=folder))
        self._path = self.folder / "control"
        self._path.write_bytes(bytes(CONTROL_BYTES))
        self._trace = self.folder / "trace" if trace else None
        with open(self._path, "r+b") as file:
            self._control = mmap.mmap(file.fileno(), CONTROL_BYTES)

    def environment(self, rules=""):
        """The environment of a process with these rules from its start on."""
        environment = dict(
            os.environ, LD_PRELOAD=library(), TALLY_FAULTS_CONTROL=str(self._path))
        if rules:
            environment["TALLY_FAULTS"] = rules
        if self._trace:
            environment["TALLY_FAULTS_TRACE"] = str(self._trace)
        return environment

    def set(self, rules=""):
        """Replaces all rules."""
        text = rules.encode() + b"\0"
        assert len(text) <= RULES_BYTES, "too many rules"
        self._control[RULES_AT:RULES_AT + len(text)] = text
        self._put(0, self._get(0) + 1)

    @property
    def is_set(self):
        """Whether a process has taken up the newest rules."""
        assert not self._get(8), f"rule {self._get(8) - 1} cannot be read"
        return self._get(0) == self._get(4)

    def calls(self, operation):
        """How many calls were made so far, whether or not a rule matched."""
        return self._count(64, OPERATIONS.index(operation))

    def matched(self, rule=0):
        """How many calls matched this rule, by its number."""
        return self._count(512, rule)

    def acted(self, rule=0):
        """At how many calls this rule acted; of a kill 1 says that it really happened there."""
        return self._count(1024, rule)

    def trace(self):
        """What was called: tuples of operation, path, bytes, and what a rule did, or an empty text.
        """
        calls = []
        for line in self._trace.read_text().splitlines():
            left, _, act = line.partition(" rule ")
            operation, rest = left.split(" ", 1)
            path, _, size = rest.rpartition(" ")
            calls.append((operation, path, int(size), act))
        return calls

    def close(self):
        self._control.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _get(self, at):
        return struct.unpack_from("<I", self._control, at)[0]

    def _put(self, at, value):
        struct.pack_into("<I", self._control, at, value)

    def _count(self, at, index):
        return struct.unpack_from("<Q", self._control, at + 8 * index)[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
