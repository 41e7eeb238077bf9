"""Many at once: numbers without holes or repeats, and one message for one client_id."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from chat import services
from chat.models import Conversation, Message
from chat.services.conversations import NotAMember
from chat.services.numbering import take_number
from chat.services.seating import GroupFull
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work: Callable[[int], Any], workers: int = 16) -> list[Any]:
    def run(index: int) -> Any:
        try:
            return work(index)
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, range(workers)))


@pytest.mark.covers("J2", "J7")
def test_sixteen_writers_leave_no_hole_and_no_repeat(alice: User, bob: User, carol: User, group: Conversation) -> None:
    people, first = [alice, bob, carol], group.head + 1

    def write(index: int) -> list[int]:
        sender = people[index % 3]
        seqs = []
        for number in range(20):
            message, _created = services.send_message(
                sender=sender, conversation=group, client_id=uuid4(), text=f"{index}/{number}"
            )
            seqs.append(message.seq)
        return seqs

    written = at_once(write)
    assert all(seqs == sorted(seqs) for seqs in written)
    stored = list(Message.objects.filter(conversation=group, seq__gte=first).values_list("seq", flat=True))
    assert sorted(stored) == list(range(first, first + 320))
    group.refresh_from_db()
    assert group.head == first + 319
    times = list(group.messages.order_by("seq").values_list("created_at", flat=True))
    assert times[1:] == sorted(times[1:])  # the first line was written before anybody waited for a lock


@pytest.mark.covers("J3")
def test_sixteen_tries_at_once_make_one_message(alice: User, direct: Conversation) -> None:
    client_id, head = uuid4(), direct.head

    def send(index: int) -> tuple[int, bool]:
        message, created = services.send_message(sender=alice, conversation=direct, client_id=client_id, text="Once")
        return message.pk, created

    answers = at_once(send)
    assert len({pk for pk, _created in answers}) == 1
    assert sum(created for _pk, created in answers) == 1
    direct.refresh_from_db()
    assert (direct.head, Message.objects.filter(text="Once").count()) == (head + 1, 1)


@pytest.mark.covers("J2")
def test_what_is_rolled_back_leaves_no_hole(alice: User, direct: Conversation, say: Any) -> None:
    head = say(alice, direct).seq
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        say(alice, direct, "Never")
        raise ZeroDivisionError
    assert say(alice, direct, "Next").seq == head + 1


def test_the_two_open_their_conversation_once_even_at_the_same_moment(alice: User, bob: User) -> None:
    Conversation.objects.all().delete()
    opened = at_once(
        lambda index: services.open_direct(person=[alice, bob][index % 2], other=[bob, alice][index % 2]).pk
    )
    assert len(set(opened)) == 1
    assert Conversation.objects.get().members.count() == 2


@pytest.mark.covers("G8")
def test_the_last_places_of_a_group_are_given_once(alice: User, bob: User, settings: Any) -> None:
    people = [make.person(f"friend{index}") for index in range(12)]
    for person in people:
        make.friends(alice, person)
    group = services.create_group(owner=alice, members=[bob])
    settings.GROUP_MEMBERS_MAX = 7

    def add(index: int) -> bool:
        try:
            services.add_members(actor=alice, conversation=group, members=[people[index]])
        except GroupFull:
            return False
        return True

    assert sum(at_once(add, workers=12)) == 5
    group.refresh_from_db()
    assert (group.member_count, group.members.active().count()) == (7, 7)


def test_a_number_is_never_taken_outside_a_transaction(direct: Conversation) -> None:
    with pytest.raises(RuntimeError):
        take_number(direct)


@pytest.mark.covers("A8")
def test_nothing_is_written_by_somebody_after_the_removal(
    alice: User, bob: User, carol: User, group: Conversation
) -> None:
    """Writers and the removal race; in the order of the numbers nothing of theirs follows it."""

    def race(index: int) -> None:
        if index == 8:
            services.remove_member(actor=alice, conversation=group, member=group.members.get(user=bob))
            return
        try:
            for _ in range(5):
                services.send_message(sender=bob, conversation=group, client_id=uuid4(), text="Still here")
        except NotAMember:
            pass

    at_once(race)
    removed_at = group.members.get(user=bob).changed_seq
    assert not Message.objects.filter(conversation=group, sender=bob, seq__gt=removed_at).exists()


@pytest.mark.parametrize(("kind", "most"), [("group", 4), ("direct", 5)])
def test_sending_takes_few_round_trips(
    kind: str, most: int, alice: User, direct: Conversation, group: Conversation, say: Any
) -> None:
    conversation = {"direct": direct, "group": group}[kind]
    say(alice, conversation)
    with CaptureQueriesContext(connection) as captured:
        say(alice, conversation)
    assert len(captured) <= most, [query["sql"] for query in captured]  # BEGIN and COMMIT among them
