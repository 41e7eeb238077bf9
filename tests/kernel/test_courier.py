"""Rows on their way to a broker that is slow, full or away: nobody waits for it, and nothing is lost."""

from __future__ import annotations

import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from accounts.models import User
from superapp.celery import app
from superapp.kernel import outbox
from superapp.kernel.courier import Courier
from superapp.kernel.models import OutboxRow
from tests.conftest import Api
from tests.running import ROOT


class SilentBroker(socketserver.ThreadingTCPServer):
    """Takes connections and requests, and answers none before it is told to; then with errors."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Speechless)
        self.asked, self.may_answer = threading.Event(), threading.Event()
        threading.Thread(target=self.serve_forever, args=[0.01], daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def end(self) -> None:
        self.may_answer.set()
        self.shutdown()
        self.server_close()


class _Speechless(socketserver.BaseRequestHandler):
    server: SilentBroker

    def handle(self) -> None:
        while commands := self.request.recv(4096):
            self.server.asked.set()
            self.server.may_answer.wait()
            self.request.sendall(b"-ERR not now\r\n" * commands.count(b"*"))


@pytest.fixture
def silent_broker(broker_at: Callable[[int], None]) -> Iterator[SilentBroker]:
    broker = SilentBroker()
    broker_at(broker.port)
    yield broker
    broker.end()


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("K1", "K4")
def test_a_request_is_answered_while_the_broker_keeps_silent(
    silent_broker: SilentBroker, alice: User, charlie: User, api: type[Api]
) -> None:
    answer = api(alice).post("/api/v1/friend-requests/", {"to": charlie.handle})

    assert answer.status_code == 201
    assert silent_broker.asked.wait(30), "somebody does talk to the broker"
    assert not outbox.courier.finish(0), "and has had no answer yet"
    owed = OutboxRow.objects.get()

    silent_broker.may_answer.set()
    assert outbox.courier.finish(30), "an error is as good as an answer: the row waits for the sweep"
    app.conf.task_always_eager = True  # the broker is well again
    OutboxRow.objects.filter(pk=owed.pk).update(due_at=timezone.now())
    assert outbox.sweep() == 1
    assert not OutboxRow.objects.exists()


class Broker:
    """Takes what it is given when it is open; with `broken`, refuses it."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.open, self.busy = threading.Event(), threading.Event()
        self.broken = False

    def give(self, row: int) -> Callable[[], None]:
        def errand() -> None:
            self.busy.set()
            self.open.wait()
            if self.broken:
                raise ConnectionError("away")
            self.taken.append(row)

        return errand


def test_rows_are_carried_in_order_and_never_by_the_one_who_brings_them() -> None:
    broker = Broker()
    courier = Courier()
    for row in range(5):
        courier.carry(broker.give(row))
    assert not courier.finish(0)

    broker.open.set()

    assert courier.finish(30)
    assert broker.taken == [0, 1, 2, 3, 4]


def test_what_finds_no_room_is_left_to_the_sweep(caplog: pytest.LogCaptureFixture) -> None:
    broker = Broker()
    courier = Courier(room=2)
    for row in range(4):
        courier.carry(broker.give(row))
    broker.open.set()
    assert courier.finish(30)

    courier.carry(broker.give(4))
    assert courier.finish(30)

    assert broker.taken == [0, 1, 4]
    assert [record.message for record in caplog.records] == [
        "outbox: the broker cannot follow, a row waits for the sweep"
    ] * 2


def test_one_failure_leaves_all_that_has_piled_up_to_the_sweep_and_the_next_row_is_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broker = Broker()
    broker.broken = True
    courier = Courier()
    for row in range(3):
        courier.carry(broker.give(row))
    broker.open.set()
    assert courier.finish(30)
    courier.carry(broker.give(3))
    assert courier.finish(30)
    assert broker.taken == []
    assert len(caplog.records) == 1, "said once, not for each row"

    broker.broken = False
    courier.carry(broker.give(4))

    assert courier.finish(30)
    assert broker.taken == [4]


def test_a_forked_process_carries_its_own_rows_and_not_those_of_its_parent() -> None:
    broker = Broker()
    courier = Courier()
    courier.carry(broker.give(1))
    assert broker.busy.wait(30)

    child = os.fork()
    if child == 0:
        broker.open = threading.Event()
        broker.open.set()
        courier.carry(broker.give(2))
        os._exit(0 if courier.finish(30) and broker.taken == [2] else 1)
    _, status = os.waitpid(child, 0)
    broker.open.set()

    assert os.waitstatus_to_exitcode(status) == 0
    assert courier.finish(30)
    assert broker.taken == [1]


PROGRAM = """
import multiprocessing
import threading
from multiprocessing.util import Finalize
from superapp.kernel.courier import Courier

leaving = threading.Event()

def errand():
    leaving.wait()  # as late as can be
    print("done", flush=True)

courier = Courier()

def work():
    Finalize(None, leaving.set, exitpriority=1)
    courier.carry(errand)
    courier.carry(errand)
"""
FORKED = "child = multiprocessing.get_context('fork').Process(target=work); child.start(); child.join()"


@pytest.mark.parametrize("process", ["work()", FORKED])
def test_a_process_that_ends_waits_for_what_is_on_the_way(process: str) -> None:
    command = [sys.executable, "-c", PROGRAM + process]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["done", "done"]
