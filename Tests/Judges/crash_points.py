"""The named points at which the server is killed: at which calls, as the rules of faults.c say.

Every step from a batch's arrival to its place in the reports is one, before and after it, and of a
write also in the middle of it.
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Point:
    name: str
    # A rule without its count and action.
    call: str
    action: str
    # The call is the n-th of these, by chance.
    counts: range = range(1, 2)
    # fresh: while a store is made; start: while it is opened; replay: the same, with something in
    # the log that is to be applied; removal: the same, with old segments. An RPC of
    # AdminService: while a client calls it, over and over, beside those that ingest.
    when: str = "running"

    def rule(self, random):
        action = self.action
        if action == "torn":
            action = f"torn={random.randrange(1, 100)}%"
        return f"{self.call}:{random.choice(self.counts)}:{action}"


def _points(name, call, *actions, counts=range(1, 2), when="running"):
    words = {"kill-before": "before", "kill-after": "after", "torn": "in the middle of"}
    return [Point(f"{words[action]} {name}", call, action, counts, when) for action in actions]


BEFORE, AFTER, TORN = "kill-before", "kill-after", "torn"
WHOLE = (BEFORE, AFTER)
ALL = (BEFORE, TORN, AFTER)

# Leaves something in the log that no commit has.
UNAPPLIED = "write:*/data/data.mdb+dsync:1:kill-before"

POINTS = [
    *_points("the log's write", "write:*.seg", *ALL, counts=range(1, 12)),
    *_points("the log's sync", "fdatasync:*.seg", *WHOLE, counts=range(1, 12)),
    *_points("an answer", "send:socket*", *WHOLE, counts=range(1, 60)),
    # The fold's commit: LMDB writes pages, syncs, then writes the meta page, which is synced.
    *_points("the fold's pages", "write:*/data/data.mdb", *ALL, counts=range(1, 6)),
    *_points("the fold's sync", "fdatasync:*/data/data.mdb", *WHOLE, counts=range(1, 3)),
    *_points("the fold's meta page", "write:*/data/data.mdb+dsync", *ALL, counts=range(1, 3)),
    # A segment's creation: filled ahead as a spare, then given a header and a name.
    *_points("a spare's fill", "write:*/spare.unfinished", *ALL),
    *_points("a spare's sync", "fdatasync:*/spare.unfinished", *WHOLE),
    *_points("a spare's name", "rename:*/spare", *WHOLE),
    *_points("a segment's header", "write:*/spare", *ALL),
    *_points("a segment's header's sync", "fdatasync:*/spare", *WHOLE),
    *_points("a segment's name", "rename:*.seg", *WHOLE),
    *_points("the log's directory's sync", "fsync:*/log", *WHOLE),
    # The same at a start, which opens a new segment, and what only a start does.
    *_points("a start's sync of what was there", "fdatasync:*.seg", *WHOLE, when="start"),
    *_points("a start's segment's header", "write:*/spare", *ALL, when="start"),
    *_points("a start's segment's name", "rename:*.seg", *WHOLE, when="start"),
    *_points("the first commit after a start", "write:*/data/data.mdb+dsync", *WHOLE,
             when="replay"),
    *_points("a new store's format", "rename:*/format", *WHOLE, when="fresh"),
    *_points("a new store's first pages", "write:*/data/data.*", *ALL, counts=range(1, 5),
             when="fresh"),
    *_points("a new store's data file's name", "rename:*/data.mdb", *WHOLE, when="fresh"),
    *_points("a new store's folders", "mkdir:*", *WHOLE, counts=range(1, 4), when="fresh"),
    *_points("a new store's first segment", "rename:*.seg", *WHOLE, when="fresh"),
    # Compaction: a copy, what was applied meanwhile, then one rename that puts it in place.
    *_points("a compaction's folder", "mkdir:*/compact", *WHOLE, when="Compact"),
    *_points("a compaction's copy", "write:*/compact/data.mdb", *ALL, counts=range(1, 3),
             when="Compact"),
    *_points("a compaction's sync", "fsync:*/compact/data.mdb", *WHOLE, when="Compact"),
    *_points("a compaction's replay", "write:*/compact/data.mdb+dsync", *ALL, when="Compact"),
    *_points("a compaction's taking over", "rename:*/data/data.mdb", *WHOLE, when="Compact"),
    *_points("a compaction's lock file", "rename:*/data/lock.mdb", *WHOLE, when="Compact"),
    *_points("the sync after a compaction", "fsync:*/data", *WHOLE, when="Compact"),
    # A backup: a copy in the spool, which is streamed; then a note of how far it reaches.
    *_points("a backup's copy", "write:*/spool/backup-*", *ALL, when="Backup"),
    *_points("a backup's sync", "fsync:*/spool/backup-*", *WHOLE, when="Backup"),
    *_points("a backup's note", "rename:*/newest-backup", *WHOLE, when="Backup"),
    # Removal of old segments, while the server runs and at its start.
    *_points("a full log's removal", "unlink:*.seg", *WHOLE),
    *_points("an old segment's removal", "unlink:*.seg", *WHOLE, when="removal"),
    *_points("the sync after a removal", "fsync:*/log", *WHOLE, counts=range(2, 3),
             when="removal"),
]
