from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.test import Client

from accounts.models import User
from bots import services
from bots.models import Bot
from bots.services.bots import BotsMakeNoBots, HandleTaken, NotAModerator, TooManyBots
from chat.models import Conversation, Message
from chat.services.conversations import NotAllowedInGroup
from notifications.models import Notification
from superapp.kernel.errors import NotFound, Refused
from tests import make
from tests.conftest import Api, Web


def speak(token: str, method: str, path: str, body: Any = None) -> Any:
    """As a program does: with the token and nothing else."""
    headers = {"Authorization": f"Bearer {token}"}
    return getattr(Client(), method)(path, body, content_type="application/json", headers=headers)


# --- making and owning ---


def test_a_person_makes_a_bot_that_nobody_signs_in_as(alice: User) -> None:
    made = Api(alice).post("/api/v1/bots/", {"handle": "Weather_Bot", "name": "Weather"})

    assert made.status_code == 201
    assert (made.json()["handle"], made.json()["token_hint"]) == ("weather_bot", "")
    user = User.objects.get(handle="weather_bot")
    assert (user.is_bot, user.email, user.has_usable_password()) == (True, "", False)
    assert authenticate(username="weather_bot", password="") is None
    signed_in = Client().post("/account/login/", {"login": "weather_bot", "password": ""})
    assert signed_in.status_code == 200
    assert "_auth_user_id" not in signed_in.client.session


def test_the_pages_do_the_same_without_javascript(alice: User) -> None:
    web = Web(alice)
    assert "Make a bot" in web.get("/bots/").content.decode()
    made = web.post("/bots/new/", {"name": "Weather", "handle": "weather_bot", "description": "Sun & rain"})

    assert made["Location"] == "/bots/weather_bot/"
    page = web.get(made["Location"]).content.decode()
    assert "Sun &amp; rain" in page
    saved = web.post(
        "/bots/weather_bot/", {"name": "Wind", "url": "https://x.example/e", "events": ["message.created"]}
    )
    assert saved.status_code == 302
    bot = Bot.objects.get()
    assert (bot.user.display_name, bot.url, bot.events) == ("Wind", "https://x.example/e", ["message.created"])
    assert web.post("/bots/weather_bot/", {"name": "Wind", "url": "javascript:alert(1)"}).status_code == 422
    assert web.post("/bots/new/", {"name": "Other", "handle": "alice"}).status_code == 422


@pytest.mark.parametrize("handle", ["a", "admin", "With Space", "x" * 31, "1abc"])
def test_its_handle_is_like_anybodys(alice: User, handle: str) -> None:
    with pytest.raises(Refused):
        services.create_bot(owner=alice, handle=handle, name="Bot")

    assert not Bot.objects.exists()


def test_a_handle_is_taken_once(alice: User, robot: Bot) -> None:
    with pytest.raises(HandleTaken):
        services.create_bot(owner=alice, handle="weather_bot", name="Other")


def test_there_are_only_so_many_and_bots_make_none(alice: User, robot: Bot, settings: Any) -> None:
    settings.BOTS_MAX = 1
    with pytest.raises(TooManyBots):
        services.create_bot(owner=alice, handle="another_bot", name="Other")
    with pytest.raises(BotsMakeNoBots):
        services.create_bot(owner=robot.user, handle="child_bot", name="Child")


def test_only_the_owner_sees_how_a_bot_is_set_up(alice: User, bob: User, robot: Bot) -> None:
    for path in ("", "commands/", "deliveries/"):
        assert Api(alice).get(f"/api/v1/bots/weather_bot/{path}").status_code == 200
        assert Api(bob).get(f"/api/v1/bots/weather_bot/{path}").status_code == 404
    for path in ("", "deliveries/", "remove/"):
        assert Web(alice).get(f"/bots/weather_bot/{path}").status_code == 200
        assert Web(bob).get(f"/bots/weather_bot/{path}").status_code == 404
    for path in ("token/", "secret/", "ping/", "commands/", "remove/", "token/revoke/"):
        assert Web(bob).post(f"/bots/weather_bot/{path}").status_code == 404
    for deed in (
        lambda: services.make_token(owner=bob, bot=robot),
        lambda: services.rotate_secret(owner=bob, bot=robot),
        lambda: services.change_bot(owner=bob, bot=robot, url="https://evil.example/"),
        lambda: services.remove_bot(owner=bob, bot=robot),
        lambda: services.add_command(owner=bob, bot=robot, name="x", description="y"),
    ):
        with pytest.raises(NotFound):
            deed()
    robot.refresh_from_db()
    assert (robot.token_hash, robot.url, robot.removed_at) == (None, "", None)


def test_nobody_asks_a_bot_to_be_friends(alice: User, robot: Bot) -> None:
    refused = Api(alice).post("/api/v1/friend-requests/", {"to": "weather_bot"})

    assert (refused.status_code, refused.json()["code"]) == (409, "is_a_bot")
    profile = Web(alice).get("/people/weather_bot/").content.decode()
    assert 'class="bot-mark"' in profile
    assert "/people/weather_bot/request/" not in profile


# --- the token ---


def test_with_its_token_it_reads_and_writes_in_its_groups(
    alice: User, bob: User, robot: Bot, group: Conversation
) -> None:
    services.add_bot(actor=alice, conversation=group, bot=robot)
    elsewhere = make.direct(alice, bob)
    token = Api(alice).post("/api/v1/bots/weather_bot/token/").json()["token"]
    words = {"client_id": "0f6a5a3f-1a11-4c58-9d5c-6f1d3f2e6a0e", "kind": "text", "text": "Sunny"}

    assert speak(token, "get", "/api/v1/bots/self/").json()["handle"] == "weather_bot"
    assert [row["id"] for row in speak(token, "get", "/api/v1/conversations/").json()["results"]] == [str(group.pk)]
    said = speak(token, "post", f"/api/v1/conversations/{group.pk}/messages/", words)
    assert said.status_code == 201
    assert said.json()["sender"]["handle"] == "weather_bot"
    assert speak(token, "post", f"/api/v1/conversations/{elsewhere.pk}/messages/", words).status_code == 404
    assert speak(token, "get", f"/api/v1/conversations/{elsewhere.pk}/messages/").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/api/v1/me/"), ("patch", "/api/v1/me/"), ("get", "/api/v1/moments/"), ("post", "/api/v1/moments/"),
        ("get", "/api/v1/friends/"), ("post", "/api/v1/friend-requests/"), ("get", "/api/v1/wallet/"),
        ("post", "/api/v1/conversations/"), ("post", "/api/v1/conversations/1/red-envelopes/"),
        ("get", "/api/v1/bots/"), ("post", "/api/v1/bots/"), ("post", "/api/v1/bots/weather_bot/token/"),
        ("post", "/api/v1/conversations/1/members/"), ("get", "/api/v1/people/alice/"),
        ("get", "/api/v1/notifications/"),
        ("patch", "/api/v1/conversations/1/"), ("delete", "/api/v1/messages/1/preview/"),
    ],
)  # fmt: skip
def test_a_token_opens_nothing_else(alice: User, robot: Bot, method: str, path: str) -> None:
    token = services.make_token(owner=alice, bot=robot)
    response = speak(token, method, path, {})

    if path.endswith("/preview/"):
        assert response.status_code == 404  # allowed, and nothing is there
    else:
        assert (response.status_code, response.json()["code"]) == (403, "forbidden")


def test_a_token_is_kept_as_a_hash_and_told_once(alice: User, robot: Bot) -> None:
    page = Web(alice).post("/bots/weather_bot/token/").content.decode()
    robot.refresh_from_db()

    assert robot.token_hint
    assert f"{robot.token_hint}</code>" in page
    token = page.split("sab_")[1][:43]
    assert token not in str(Bot.objects.values())
    assert f"sab_{token}" not in Web(alice).get("/bots/weather_bot/").content.decode()


def test_a_new_token_ends_the_old_one_and_revoking_ends_it(alice: User, robot: Bot) -> None:
    old = services.make_token(owner=alice, bot=robot)
    new = services.make_token(owner=alice, bot=robot)
    assert speak(old, "get", "/api/v1/bots/self/").status_code == 401
    assert speak(new, "get", "/api/v1/bots/self/").status_code == 200

    Web(alice).post("/bots/weather_bot/token/revoke/")
    refused = speak(new, "get", "/api/v1/bots/self/")
    assert (refused.status_code, refused.json()["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize("token", ["", "sab_", "sab_" + "x" * 43, "sab_" + "é" * 43, "x" * 5000, "sab_a b"])
def test_what_is_no_token_opens_nothing(robot: Bot, token: str) -> None:
    assert speak(token, "get", "/api/v1/bots/self/").status_code == 401


# --- in groups ---


def test_who_manages_a_group_brings_his_own_bot_in(alice: User, bob: User, robot: Bot, group: Conversation) -> None:
    added = Api(alice).post(f"/api/v1/conversations/{group.pk}/bots/", {"bot": "weather_bot"})

    assert added.status_code == 201
    bots = Api(bob).get(f"/api/v1/conversations/{group.pk}/bots/").json()["results"]
    assert [bot["handle"] for bot in bots] == ["weather_bot"]
    page = Web(bob).get(f"/chats/{group.pk}/bots/").content.decode()
    assert "Tells the weather" in page
    assert "webhook" not in page.lower().split("<main")[1].replace("bots and webhooks", "")
    assert 'class="bot-mark"' in page


def test_who_does_not_manage_it_brings_none(alice: User, bob: User, charlie: User, group: Conversation) -> None:
    bobs = services.create_bot(owner=bob, handle="bobs_bot", name="Bob's")
    charlies = services.create_bot(owner=charlie, handle="charlies_bot", name="Charlie's")

    with pytest.raises(NotAllowedInGroup):
        services.add_bot(actor=bob, conversation=group, bot=bobs)
    with pytest.raises(NotFound):
        services.add_bot(actor=charlie, conversation=group, bot=charlies)
    with pytest.raises(NotFound):
        services.add_bot(actor=alice, conversation=group, bot=charlies)
    assert Web(bob).post(f"/chats/{group.pk}/bots/add/", {"bot": bobs.pk}).status_code == 422
    assert Web(charlie).post(f"/chats/{group.pk}/bots/add/", {"bot": charlies.pk}).status_code == 404
    assert not Bot.objects.in_conversation(group).exists()


def test_what_it_says_is_marked_for_everybody(alice: User, bob: User, robot: Bot, group: Conversation) -> None:
    services.add_bot(actor=alice, conversation=group, bot=robot)
    assert 'class="bot-mark"' not in Web(bob).get(f"/chats/{group.pk}/").content.decode()
    make.message(robot.user, group, "Sunny")

    assert 'class="bot-mark"' in Web(bob).get(f"/chats/{group.pk}/").content.decode()


def test_a_removed_bot_is_silent(alice: User, bob: User, robot: Bot, group: Conversation) -> None:
    services.add_bot(actor=alice, conversation=group, bot=robot)
    token = services.make_token(owner=alice, bot=robot)
    Web(alice).post("/bots/weather_bot/remove/")

    assert speak(token, "get", "/api/v1/bots/self/").status_code == 401
    assert not Bot.objects.in_conversation(group).exists()
    assert Api(alice).get("/api/v1/bots/weather_bot/").status_code == 404
    assert User.objects.get(handle="weather_bot").is_active is False


def test_put_out_of_the_group_it_reads_and_writes_there_no_more(alice: User, robot: Bot, group: Conversation) -> None:
    services.add_bot(actor=alice, conversation=group, bot=robot)
    token = services.make_token(owner=alice, bot=robot)
    assert speak(token, "get", f"/api/v1/conversations/{group.pk}/messages/").status_code == 200

    Api(alice).delete(f"/api/v1/conversations/{group.pk}/members/weather_bot/")
    assert speak(token, "get", f"/api/v1/conversations/{group.pk}/messages/").status_code == 404


def test_a_bot_is_never_a_groups_owner(alice: User, bob: User, robot: Bot) -> None:
    group = make.group(alice, bob)
    services.add_bot(actor=alice, conversation=group, bot=robot)
    Api(alice).delete(f"/api/v1/conversations/{group.pk}/members/bob/")
    make.message(alice, group, "only the two of us")
    handed = Api(alice).patch(f"/api/v1/conversations/{group.pk}/members/weather_bot/", {"role": "owner"})
    assert handed.json()["code"] == "owner_needed"
    Api(alice).post(f"/api/v1/conversations/{group.pk}/members/", {"members": ["bob"]})
    Api(alice).delete(f"/api/v1/conversations/{group.pk}/members/alice/")

    assert group.members.active().get(role="owner").user == bob


def test_nobody_writes_to_a_bot_alone(alice: User, robot: Bot) -> None:
    opened = Api(alice).post("/api/v1/conversations/", {"kind": "direct", "with": "weather_bot"})

    assert (opened.status_code, opened.json()["code"]) == (403, "not_friends")
    assert not Conversation.objects.exists()


def test_a_bot_is_not_notified(alice: User, bob: User, robot: Bot, group: Conversation) -> None:
    services.add_bot(actor=alice, conversation=group, bot=robot)
    make.message(bob, group, "@weather_bot and @alice, look")

    assert set(Notification.objects.values_list("recipient__handle", flat=True)) >= {"alice"}
    assert not Notification.objects.filter(recipient=robot.user).exists()


# --- moderators ---


def test_moderators_switch_a_bot_off_and_on(alice: User, bob: User, mod: User, robot: Bot, group: Conversation) -> None:
    services.add_bot(actor=alice, conversation=group, bot=robot)
    token = services.make_token(owner=alice, bot=robot)
    with pytest.raises(NotAModerator):
        services.switch_off_bot(moderator=bob, bot=robot)

    admin = Web(mod)
    admin.post("/admin/bots/bot/", {"action": "switch_off", "_selected_action": [robot.pk]})
    assert speak(token, "get", "/api/v1/bots/self/").status_code == 401
    assert "switched this bot off" in Web(alice).get("/bots/weather_bot/").content.decode()
    admin.post("/admin/bots/bot/", {"action": "switch_on", "_selected_action": [robot.pk]})
    assert speak(token, "get", "/api/v1/bots/self/").status_code == 200


def test_moderators_see_neither_secrets_nor_words(alice: User, mod: User, robot: Bot, group: Conversation) -> None:
    services.add_bot(actor=alice, conversation=group, bot=robot)
    services.make_token(owner=alice, bot=robot)
    services.create_webhook(actor=alice, conversation=group, bot=robot)
    robot.refresh_from_db()
    for path in ("bot", "webhook", "delivery", "slashcommand"):
        page = Web(mod).get(f"/admin/bots/{path}/")
        assert page.status_code == 200
    page = Web(mod).get(f"/admin/bots/bot/{robot.pk}/change/").content.decode()
    assert robot.secret not in page
    assert str(robot.token_hash) not in page


def test_a_bot_of_a_suspended_owner_falls_silent(alice: User, mod: User, robot: Bot) -> None:
    from accounts.services import suspend_person

    token = services.make_token(owner=alice, bot=robot)
    suspend_person(moderator=mod, person=alice)

    assert speak(token, "get", "/api/v1/bots/self/").status_code == 401
    assert not Message.objects.exists()
