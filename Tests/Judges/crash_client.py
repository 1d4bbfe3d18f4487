"""A client that keeps a journal of what it sent and of what was acknowledged."""

import dataclasses
import random
import threading

import grpc
from crash_history import History, marker_user
from tally.v1 import admin_pb2, admin_pb2_grpc, ingest_pb2, ingest_pb2_grpc

# So many new batches at full speed, then one now and then, so that there is something under way
# whenever the server is killed, and the recount stays small.
QUICK = 25
PAUSE = 0.01


@dataclasses.dataclass
class Batch:
    number: int
    tenant: str
    events: list
    # Of the answer; None as long as there was none.
    position: int | None = None

    def marker(self, client):
        return marker_user(client, self.number)


class Caller:
    """Calls an RPC of AdminService over and over until the server is gone."""

    def __init__(self, server, name):
        self.complaints = []
        self._name = name
        self._thread = threading.Thread(target=self._run, args=(server.connect(),), daemon=True)
        self._thread.start()

    def join(self, seconds=60):
        self._thread.join(seconds)
        assert not self._thread.is_alive(), f"{self._name} does not end"

    def _run(self, channel):
        call = getattr(admin_pb2_grpc.AdminServiceStub(channel), self._name)
        request = getattr(admin_pb2, f"{self._name}Request")()
        try:
            while True:
                for _ in call(request):
                    pass
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE:
                self.complaints.append(f"{self._name}: {error.code()}: {error.details()}")
        finally:
            channel.close()


class Client:
    """Sends batches on one stream a round, and again what was never answered."""

    def __init__(self, seed, name, tenants):
        self.name = name
        self.journal = []
        self.complaints = []
        self._random = random.Random(f"{seed}/{name}/manner")
        self._history = History(seed, name, tenants)
        self._changed = threading.Condition()
        self._thread = None

    def go(self, server, applied_share=None):
        """Begins a round: sends until it is stopped or the server is gone.

        So large a share of the batches is to be answered when it is in the reports only.
        """
        self._window = self._random.choice((1, 2, 8, 32))
        self._applied_share = self._random.choice((0, 0.1, 0.5))
        if applied_share is not None:
            self._applied_share = applied_share
        self._under_way = {}
        self._answers = 0
        self._is_stopping = self._is_over = False
        self._thread = threading.Thread(target=self._run, args=(server.connect(),), daemon=True)
        self._thread.start()

    @property
    def answers(self):
        """In this round."""
        return self._answers

    def stop(self, seconds=60):
        """Sends nothing new, and waits for the answers to what is under way."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
        self._thread.join(seconds)
        assert not self._thread.is_alive(), f"{self.name} still waits for {self._under_way}"

    def acknowledged(self):
        return [batch for batch in self.journal if batch.position is not None]

    def _run(self, channel):
        try:
            for answer in ingest_pb2_grpc.IngestServiceStub(channel).Ingest(self._requests()):
                self._take(answer)
        except grpc.RpcError as error:
            # What was under way may be stored or not: it is sent again in the next round.
            if error.code() != grpc.StatusCode.UNAVAILABLE:
                self.complaints.append(f"{error.code()}: {error.details()}")
        finally:
            with self._changed:
                self._is_over = True
                self._changed.notify_all()
            channel.close()

    def _requests(self):
        for batch in [batch for batch in self.journal if batch.position is None]:
            if not self._wait_for_room():
                return
            yield self._request(batch)
        sent = 0
        while self._wait_for_room(PAUSE if sent >= QUICK else 0) and not self._is_stopping:
            number = len(self.journal) + 1
            tenant, events = self._history.batch(number)
            batch = Batch(number, tenant, events)
            self.journal.append(batch)
            sent += 1
            yield self._request(batch)
        # An acknowledged batch again, now and then: must change nothing.
        known = self.acknowledged()
        if known and not self._is_over and self._random.random() < 0.3:
            yield self._request(self._random.choice(known))

    def _wait_for_room(self, pause=0):
        """Whether another batch may be sent, once it may."""
        with self._changed:
            if pause:
                self._changed.wait_for(lambda: self._is_over or self._is_stopping, pause)
            self._changed.wait_for(
                lambda: self._is_over or len(self._under_way) < self._window)
            return not self._is_over

    def _request(self, batch):
        when = ingest_pb2.ANSWER_WHEN_DURABLE
        if self._random.random() < self._applied_share:
            when = ingest_pb2.ANSWER_WHEN_APPLIED
        with self._changed:
            self._under_way[batch.number] = batch
        return ingest_pb2.IngestRequest(
            tenant=batch.tenant, sequence=batch.number, events=batch.events, answer_when=when)

    def _take(self, answer):
        with self._changed:
            batch = self._under_way.pop(answer.sequence)
            self._answers += 1
            self._changed.notify_all()
        if answer.taken != len(batch.events):
            self.complaints.append(f"batch {batch.number}: {answer.verdicts[0]}")
        if batch.position is None:
            batch.position = answer.revision.position
