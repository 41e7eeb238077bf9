"""What a group of five thousand costs: as many questions to the database as a group of five."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Friendship, User
from chat import services
from chat.models import Conversation
from superapp.kernel.batches import ROWS_AT_ONCE
from tests import make
from tests.conftest import Api, Web

MANY = 5000


@pytest.fixture(autouse=True)
def room_for_many(settings: Any) -> None:
    settings.GROUP_MEMBERS_MAX = settings.GROUP_CONSENT_ABOVE = 2 * MANY


def crowd_of(owner: User, size: int, name: str) -> list[User]:
    """Friends of the owner, made at once: here the graph is what a test starts from, not what it is about."""
    people = [
        User(handle=f"{name}{number}", email=f"{name}{number}@example.org", display_name=f"{name} {number}")
        for number in range(size)
    ]
    User.objects.bulk_create(people, batch_size=ROWS_AT_ONCE)
    pairs = [pair for person in people for pair in ((owner, person), (person, owner))]
    Friendship.objects.bulk_create(
        (Friendship(owner=one, friend=other) for one, other in pairs), batch_size=ROWS_AT_ONCE
    )
    return people


def questions(work: Callable[[], Any]) -> int:
    """Those that read or change single things. SQLite takes a thousand values at once, so there a statement with many
    rows is several: such parts count once."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return len({query["sql"].split(" VALUES ")[0].split(" IN (")[0][:200] for query in captured})


def test_five_thousand_cost_no_more_questions_than_five(alice: User) -> None:
    few, many = crowd_of(alice, 4, "few"), crowd_of(alice, MANY - 1, "many")
    more = crowd_of(alice, 25, "more")
    groups: dict[str, Conversation] = {}
    doings: dict[str, Callable[[str, list[User]], Any]] = {
        "made": lambda name, people: groups.update(
            {name: services.create_group(owner=alice, members=people, title=name)}
        ),
        "written to": lambda name, people: services.send_message(
            sender=people[-1], conversation=groups[name], client_id=uuid4(), text="Hello all"
        ),
        "added to": lambda name, people: services.add_members(
            actor=alice, conversation=groups[name], members=more[: 5 if name == "few" else 25]
        ),
        "announced in": lambda name, people: services.change_group(
            actor=alice, conversation=groups[name], announcement=f"For {name}"
        ),
        "listed": lambda name, people: Api(people[0]).get("/api/v1/conversations/").json(),
        "its people": lambda name, people: Web(alice).get(reverse("chat:people", args=[groups[name].pk])),
        "its people found": lambda name, people: Web(alice).get(
            reverse("chat:people", args=[groups[name].pk]) + "?q=" + people[-1].handle
        ),
        "read about": lambda name, people: Web(alice).get(reverse("chat:info", args=[groups[name].pk])),
        "its members over REST": lambda name, people: Api(alice).get(
            f"/api/v1/conversations/{groups[name].pk}/members/?limit=100"
        ),
        "left": lambda name, people: services.leave_group(person=people[-1], conversation=groups[name]),
    }
    for what, do in doings.items():
        cost = {name: questions(partial(do, name, people)) for name, people in (("few", few), ("many", many))}
        assert cost["many"] <= cost["few"] + 1, (what, cost)
    large = groups["many"]
    large.refresh_from_db()
    assert large.member_count == large.members.active().count() == MANY + 25 - 1


def test_five_thousand_are_named_in_one_request(alice: User) -> None:
    crowd_of(alice, MANY - 1, "many")
    handles = [f"many{number}" for number in range(MANY - 1)]
    with CaptureQueriesContext(connection) as captured:
        answer = Api(alice).post("/api/v1/conversations/", {"kind": "group", "title": "All", "members": handles})
    assert answer.status_code == 201
    assert answer.json()["member_count"] == MANY
    assert len(captured) < MANY / 10
    [line] = Conversation.objects.get(title="All").messages.all()
    assert (len(line.payload["people"]), line.payload["count"]) == (50, MANY - 1)
    assert line.text.endswith("many 9, and 4,989 others.") or "4989 others" in line.text


def test_who_is_among_many_is_told_of_all_by_sync(alice: User) -> None:
    group = make.group(alice, *crowd_of(alice, 2, "few"), title="Growing")
    before = group.head
    services.add_members(actor=alice, conversation=group, members=crowd_of(alice, 600, "many"))
    since, came = before, set()
    for _ in range(5):
        page = Api(alice).get(f"/api/v1/conversations/{group.pk}/sync/?since={since}").json()
        came |= {member["person"]["handle"] for member in page["members"]}
        since = page["until"]
        if not page["has_more"]:
            break
    assert len(came) == 600
    assert since == page["head"]
