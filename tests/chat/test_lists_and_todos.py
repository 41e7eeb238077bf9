"""Lists that members put themselves on, and what a whole group is asked to do."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from chat import services, tasks
from chat.models import Conversation, Message, SignUp, SignUpList, Todo, TodoTick
from superapp.kernel.models import OutboxRow
from tests import make
from tests.chat.conftest import say_in
from tests.conftest import Api, Web
from tests.live_server import Device
from tests.wallet.crowd import at_once


def begin(user: User, group: Conversation, **more: Any) -> Any:
    body = {"client_id": str(uuid4()), "title": "Lunch", "description": "Say what you bring.", "example": "Salad"}
    return Api(user).post(f"/api/v1/conversations/{group.pk}/lists/", body | more)


@pytest.fixture
def lunch(alice: User, group: Conversation) -> Message:
    return Message.objects.get(pk=begin(alice, group).json()["id"])


def join(user: User, message: Message, text: str = "") -> Any:
    return Api(user).post(f"/api/v1/messages/{message.pk}/entries/", {"text": text})


def lines(user: User, message: Message) -> list[tuple[int, str, str]]:
    entries = Api(user).get(f"/api/v1/messages/{message.pk}/entries/").json()["results"]
    return [(entry["number"], entry["person"]["handle"], entry["text"]) for entry in entries]


# --- Sign-up lists ---


def test_a_list_is_a_message_with_words_for_everybody(alice: User, bob: User, group: Conversation) -> None:
    answer = begin(alice, group)

    assert answer.status_code == 201
    assert (answer.json()["kind"], answer.json()["text"]) == ("list", "Lunch\nSay what you bring.")
    assert answer.json()["list"] == {
        "title": "Lunch", "description": "Say what you bring.", "example": "Salad", "count": 0, "entries": [],
        "closed": False, "mine": None,
    }  # fmt: skip
    assert "[Sign-up list] Lunch" in Web(bob).get("/chats/").content.decode()


def test_a_retry_begins_one_list(alice: User, group: Conversation) -> None:
    client_id = str(uuid4())

    assert [begin(alice, group, client_id=client_id).status_code for _ in range(2)] == [201, 200]
    assert begin(alice, group, client_id=client_id, title="Dinner").json()["code"] == "idempotency_mismatch"
    assert SignUpList.objects.count() == 1


def test_members_join_change_their_line_and_withdraw(alice: User, bob: User, carol: User, lunch: Message) -> None:
    assert join(bob, lunch, "Soup").json()["number"] == 1
    assert join(carol, lunch).json()["number"] == 2
    assert join(bob, lunch, "Two soups").json()["number"] == 1
    assert lines(alice, lunch) == [(1, "bob", "Two soups"), (2, "carol", "")]

    assert Api(bob).delete(f"/api/v1/messages/{lunch.pk}/entries/").status_code == 204

    assert lines(alice, lunch) == [(1, "carol", "")]


def test_the_message_shows_the_latest_lines(alice: User, bob: User, lunch: Message, effects: Any) -> None:
    with effects():
        join(bob, lunch, "Soup")

    shown = Api(bob).get(f"/api/v1/conversations/{lunch.conversation_id}/messages/?limit=1").json()["results"][0]
    assert shown["list"]["entries"] == [{"number": 1, "handle": "bob", "name": "Bob", "text": "Soup"}]
    assert (shown["list"]["count"], shown["list"]["mine"]) == (1, "Soup")
    assert shown["changed_seq"] > shown["seq"]
    assert "Soup" in Web(alice).get(f"/chats/{lunch.conversation_id}/").content.decode()


def test_many_at_once_are_told_once(alice: User, bob: User, carol: User, lunch: Message) -> None:
    for person in (alice, bob, carol):
        join(person, lunch, "Me")

    assert OutboxRow.objects.filter(task="chat.tasks.announce").count() == 1


def test_the_closed_list_stays_as_it_is(alice: User, bob: User, carol: User, group: Conversation) -> None:
    bobs = Message.objects.get(pk=begin(bob, group).json()["id"])
    join(carol, bobs, "Tea")
    path = f"/api/v1/messages/{bobs.pk}/close/"

    assert Api(carol).post(path).json()["code"] == "not_allowed"
    assert Api(alice).post(path).status_code == 204
    assert join(carol, bobs, "Coffee").json()["code"] == "list_closed"
    assert Api(carol).delete(f"/api/v1/messages/{bobs.pk}/entries/").json()["code"] == "list_closed"
    assert lines(carol, bobs) == [(1, "carol", "Tea")]
    bobs.refresh_from_db()
    assert (bobs.payload["closed"], bobs.payload["count"]) == (True, 1)


def test_strangers_find_no_list(charlie: User, bob: User, lunch: Message) -> None:
    assert join(bob, lunch).status_code == 200
    assert join(charlie, lunch).status_code == 404
    assert Api(charlie).get(f"/api/v1/messages/{lunch.pk}/entries/").status_code == 404
    assert Web(charlie).get(f"/lists/{lunch.pk}/").status_code == 404
    assert SignUp.objects.count() == 1


def test_other_messages_are_neither_closed_nor_joined(alice: User, group: Conversation) -> None:
    said = say_in(alice, group)
    for path in ("close", "entries", "votes"):
        assert Api(alice).post(f"/api/v1/messages/{said.pk}/{path}/", {"options": [1]}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_one_person_on_many_devices_has_one_line(alice: User, bob: User) -> None:
    group = make.group(alice, bob)
    message = Message.objects.get(pk=begin(alice, group).json()["id"])

    at_once([lambda: services.sign_up(person=bob, message=message, text="Me") for _ in range(16)])

    assert SignUp.objects.count() == 1


def test_pages_begin_join_copy_and_close_without_scripts(alice: User, bob: User, group: Conversation) -> None:
    web = Web(alice)
    words = {"client_id": str(uuid4()), "title": "Lunch", "description": "", "example": "Salad"}
    assert web.post(f"/chats/{group.pk}/lists/", words | {"title": ""}).status_code == 422
    assert web.post(f"/chats/{group.pk}/lists/", words).url == f"/chats/{group.pk}/"
    message = Message.objects.get(kind="list")
    path = f"/lists/{message.pk}/"
    assert f'href="{path}"' in Web(bob).get(f"/chats/{group.pk}/").content.decode()

    assert Web(bob).post(f"{path}entries/", {"text": "Soup", "from": "page"}).url == path
    assert web.post(f"{path}entries/", {"text": "x" * 201}).status_code == 422
    page = web.get(path).content.decode()
    assert "Lunch\n1. Bob Soup</textarea>" in page
    assert Web(bob).post(f"{path}withdraw/", {"from": "page"}).url == path
    assert not SignUp.objects.exists()
    assert web.post(f"{path}close/").url == path
    assert Web(bob).get(path).content.decode().count("<form") < page.count("<form")


# --- To-dos ---


def make_todo(user: User, group: Conversation, **body: Any) -> Any:
    return Api(user).post(f"/api/v1/conversations/{group.pk}/todos/", body)


@pytest.fixture
def todo(alice: User, group: Conversation) -> Todo:
    return Todo.objects.get(pk=make_todo(alice, group, text="Send your numbers").json()["id"])


def test_the_owner_asks_everybody_to_do_something(alice: User, bob: User, group: Conversation) -> None:
    answer = make_todo(alice, group, text="Send your numbers")

    assert answer.status_code == 201
    assert answer.json() | {"id": "", "created_at": "", "created_by": ""} == {
        "id": "", "conversation": str(group.pk), "text": "Send your numbers", "created_by": "", "created_at": "",
        "done": 0, "members": 3, "mine": False, "finished": False, "people": [],
    }  # fmt: skip
    line = Message.objects.filter(conversation=group, kind="system").latest("seq")
    assert line.text == "Alice asks everybody: Send your numbers"
    page = Web(bob).get(f"/chats/{group.pk}/").content.decode()
    assert "todo-bar" in page
    assert "0 of 3" in page


def test_plain_members_make_none(bob: User, group: Conversation) -> None:
    assert make_todo(bob, group, text="Obey").json()["code"] == "not_allowed"
    assert not Todo.objects.exists()
    assert Conversation.objects.get(pk=group.pk).open_todos == 0


def test_a_message_becomes_a_todo_once(alice: User, bob: User, group: Conversation) -> None:
    said = say_in(bob, group, "We need helmets, @alice")
    answer = make_todo(alice, group, message=str(said.pk))

    assert (answer.status_code, answer.json()["text"]) == (201, "We need helmets, @Alice")
    assert make_todo(alice, group, message=str(said.pk)).json()["code"] == "already_todo"
    assert make_todo(alice, group, message="999999999").status_code == 404
    assert make_todo(alice, group).json()["code"] == "empty_todo"
    assert Conversation.objects.get(pk=group.pk).open_todos == 1


def test_members_tick_it_off_and_on_again(alice: User, bob: User, carol: User, todo: Todo) -> None:
    path = f"/api/v1/todos/{todo.pk}/done/"
    assert Api(bob).post(path).json()["mine"] is True
    done = Api(bob).post(path).json()
    assert (done["done"], done["members"], [one["handle"] for one in done["people"]]) == (1, 3, ["bob"])
    assert Api(carol).get(f"/api/v1/todos/{todo.pk}/").json()["mine"] is False

    assert Api(bob).delete(path).json()["done"] == 0
    assert not TodoTick.objects.exists()


def test_who_has_left_does_not_count(alice: User, bob: User, group: Conversation, todo: Todo) -> None:
    services.tick(person=bob, todo=todo)
    services.leave_group(person=bob, conversation=group)

    shown = Api(alice).get(f"/api/v1/todos/{todo.pk}/").json()
    assert (shown["done"], shown["members"], shown["people"]) == (0, 2, [])
    assert Api(bob).get(f"/api/v1/todos/{todo.pk}/").status_code == 404


def test_programs_have_nothing_to_do(alice: User, group: Conversation, todo: Todo) -> None:
    services.seat_bot(actor=alice, conversation=group, bot=make.person("weather", is_bot=True))

    assert Api(alice).get(f"/api/v1/todos/{todo.pk}/").json()["members"] == 3
    assert 'href="/people/weather/"' not in Web(alice).get(f"/todos/{todo.pk}/").content.decode()


def test_progress_is_a_change_of_the_conversation(alice: User, bob: User, group: Conversation, todo: Todo) -> None:
    before = Conversation.objects.get(pk=group.pk).head
    services.tick(person=bob, todo=todo)
    services.tick(person=alice, todo=todo)
    tasks.announce(what="todo", thing_id=todo.pk)

    sync = Api(bob).get(f"/api/v1/conversations/{group.pk}/sync/?since={before}").json()
    assert (sync["head"], sync["conversation"]["open_todos"]) == (before + 1, 1)
    changes = Web(bob).get(f"/chats/{group.pk}/changes/?since={before}", HTTP_HX_REQUEST="true").content.decode()
    assert "2 of 3" in changes


def test_owner_and_admins_finish_it(alice: User, bob: User, group: Conversation, todo: Todo) -> None:
    path = f"/api/v1/todos/{todo.pk}/"
    assert Api(bob).delete(path).json()["code"] == "not_allowed"
    assert Api(alice).delete(path).status_code == 204
    assert Api(alice).delete(path).status_code == 204
    assert Api(bob).post(f"{path}done/").json()["code"] == "todo_finished"
    assert Conversation.objects.get(pk=group.pk).open_todos == 0
    assert "todo-bar" not in Web(bob).get(f"/chats/{group.pk}/").content.decode()
    assert [one["finished"] for one in Api(bob).get(f"/api/v1/conversations/{group.pk}/todos/").json()["results"]] == [
        True
    ]


def test_strangers_find_no_todo(charlie: User, bob: User, group: Conversation, todo: Todo) -> None:
    assert Api(bob).get(f"/api/v1/todos/{todo.pk}/").status_code == 200
    for answer in (
        Api(charlie).get(f"/api/v1/todos/{todo.pk}/"),
        Api(charlie).post(f"/api/v1/todos/{todo.pk}/done/"),
        Api(charlie).delete(f"/api/v1/todos/{todo.pk}/"),
        Api(charlie).get(f"/api/v1/conversations/{group.pk}/todos/"),
        Web(charlie).get(f"/todos/{todo.pk}/"),
    ):
        assert answer.status_code == 404


def test_pages_make_tick_and_finish_without_scripts(alice: User, bob: User, group: Conversation) -> None:
    web, here = Web(alice), f"/chats/{group.pk}/todos/"
    said = say_in(bob, group, "Bring helmets")
    assert 'value="Bring helmets"' in web.get(f"{here}?message={said.pk}").content.decode()
    assert web.post(here, {"text": "", "message": str(said.pk)}).url == here
    todo = Todo.objects.get()
    assert (todo.text, todo.message) == ("Bring helmets", said)
    assert web.post(here, {"text": ""}).status_code == 422
    assert "<form" not in Web(bob).get(here).content.decode().partition('class="chat-info"')[2].partition("todo-check")[
        0
    ].replace('<form method="post" action="/todos/', "")

    assert Web(bob).post(f"/todos/{todo.pk}/done/", {"done": "yes", "from": "chat"}).url == f"/chats/{group.pk}/"
    page = web.get(f"/todos/{todo.pk}/").content.decode()
    assert "1 of 3 have done it" in page
    assert Web(bob).post(f"/todos/{todo.pk}/done/", {"done": "no"}).url == here
    assert not TodoTick.objects.exists()
    assert web.post(f"/todos/{todo.pk}/finish/").url == here
    assert not Todo.objects.open().exists()


@pytest.mark.django_db(transaction=True)
def test_sixty_four_ticks_at_once_are_all_counted(alice: User) -> None:
    people = User.objects.bulk_create(
        User(handle=f"doer{n}", display_name=f"Doer {n}", email=f"doer{n}@example.org", password="!") for n in range(31)
    )
    for person in people:
        make.friends(alice, person)
    group = make.group(alice, *people)
    todo = services.make_todo(actor=alice, conversation=group, text="Breathe")

    at_once([lambda p=person: services.tick(person=p, todo=todo) for person in (*people, alice) for _ in range(2)])

    assert Todo.objects.with_progress(alice).get().done == TodoTick.objects.count() == 32
    assert not Todo.objects.filter(is_announcement_owed=True).exists()


@pytest.mark.django_db(transaction=True)
def test_ticks_arrive_live(alice: User, bob: User, device: Any) -> None:
    group = make.group(alice, bob, title="Hiking")
    todo = services.make_todo(actor=alice, conversation=group, text="Breathe")
    socket: Device = device(alice)

    services.tick(person=bob, todo=todo)

    event = socket.until("conversation.changed")
    assert event["conversation"] == str(group.pk)
    assert event["open_todos"] == 1
