"""Writers on SQLite take turns in the order in which they came."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import User
from superapp.kernel.sqlite.base import FifoLock
from tests import make

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="for the embedded profile")


@pytest.fixture
def closing() -> Iterator[None]:
    yield
    connection.close()


def test_the_lock_is_granted_in_the_order_it_was_asked_for() -> None:
    lock, order = FifoLock(), []
    assert lock.acquire(1)

    def take(number: int) -> None:
        assert lock.acquire(5)
        order.append(number)
        lock.release()

    threads = [threading.Thread(target=take, args=[number]) for number in range(30)]
    for number, thread in enumerate(threads):
        thread.start()
        while len(lock._waiting) <= number:
            time.sleep(0.0005)
    lock.release()
    for thread in threads:
        thread.join()

    assert order == list(range(30))


def test_one_who_gives_up_waiting_does_not_hold_up_the_rest() -> None:
    lock = FifoLock()
    assert lock.acquire(1)
    assert not lock.acquire(0.02)
    lock.release()

    assert lock.acquire(0.02)


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_many_writers_all_get_their_turn() -> None:
    alice = make.person("alice")
    failures: list[Exception] = []

    def write() -> None:
        try:
            for _ in range(10):
                with transaction.atomic():
                    bio = User.objects.get(pk=alice.pk).bio or "0"
                    User.objects.filter(pk=alice.pk).update(bio=str(int(bio) + 1))
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    alice.refresh_from_db()
    assert alice.bio == "160", "no write was lost, because the read stands in the same transaction"


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_rollback_and_a_failed_commit_give_the_turn_back() -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            _ = 1 / 0

    with pytest.raises(OperationalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")

    with transaction.atomic():  # would wait ten seconds and fail, had a turn been kept
        make.person("alice")
