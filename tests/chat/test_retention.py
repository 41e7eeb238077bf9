"""What a group does not keep any more is gone for everybody, at every door, in the moment it is too old."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils.timezone import now

from accounts.models import User
from chat import services
from chat.models import Conversation, Message
from chat.search.finding import find_messages, read_search
from chat.search.indexing import index_everything
from chat.services.retention import BadRetention
from chat.services.rules import OwnerOnly
from chat.sync import changes_since
from tests import make
from tests.conftest import Api, Web
from uploads.models import Upload, Variant
from wallet.models import RedEnvelope


@pytest.fixture
def group(alice: User, bob: User) -> Conversation:
    return make.group(alice, bob, title="Tea")


def age(message: Message, days: int) -> Message:
    """As if it had been said so many days ago, and everything before it even earlier."""
    at = now() - timedelta(days=days)
    Message.objects.filter(conversation=message.conversation_id, seq__lt=message.seq, created_at__gt=at).update(
        created_at=at
    )
    Message.objects.filter(pk=message.pk).update(created_at=at)
    return message


def keep(group: Conversation, days: int | None) -> None:
    services.change_retention(owner=User.objects.get(handle="alice"), conversation=group, days=days)


def texts(viewer: User) -> set[str]:
    return set(Message.objects.visible_to(viewer).exclude(kind="system").values_list("text", flat=True))


def test_what_is_older_is_gone_at_once_and_what_is_younger_stays(alice: User, bob: User, group: Conversation) -> None:
    age(make.message(bob, group, "long ago"), 40)
    age(make.message(bob, group, "last week"), 8)
    make.message(bob, group, "today")
    assert texts(alice) == {"long ago", "last week", "today"}

    keep(group, 30)
    assert texts(alice) == {"last week", "today"}
    keep(group, 7)
    assert texts(alice) == texts(bob) == {"today"}


@pytest.mark.covers("A3")
def test_it_is_gone_from_every_door(
    alice: User, bob: User, group: Conversation, api: type[Api], web: type[Web]
) -> None:
    old = make.message(bob, group, "canaryold")
    make.message(alice, group, "an answer", reply_to=old)
    age(old, 40)
    index_everything()
    addresses = [
        f"/chats/{group.pk}/", f"/chats/{group.pk}/changes/?since=0", f"/chats/{group.pk}/older/?before=99999",
        f"/chats/{group.pk}/?around={old.seq}", f"/chats/{group.pk}/?reply_to={old.pk}",
        f"/api/v1/conversations/{group.pk}/messages/", f"/api/v1/conversations/{group.pk}/sync/?since=0",
        "/api/v1/search/messages/?q=canaryold",
    ]  # fmt: skip

    def said(address: str) -> bool:
        client: Any = api(alice) if address.startswith("/api/") else web(alice)
        return "canaryold" in client.get(address).content.decode().replace("q=canaryold", "")

    assert all(said(address) for address in addresses)
    keep(group, 30)
    assert [address for address in addresses if said(address)] == []
    assert api(alice).get(f"/api/v1/conversations/{group.pk}/messages/").json()["results"] != []


def test_an_old_message_is_not_the_latest_of_a_list_any_more(
    alice: User, bob: User, group: Conversation, web: type[Web]
) -> None:
    keep(group, 30)
    old = make.message(bob, group, "canaryold")
    assert "canaryold" in web(alice).get("/chats/").content.decode()

    age(old, 40)
    listed = Conversation.objects.with_list_facts(alice).get(pk=group.pk)
    assert listed.last_message_id is None
    assert listed.unread == 0
    assert "canaryold" not in web(alice).get("/chats/").content.decode()


def test_only_the_owner_sets_it_and_everybody_is_told(alice: User, bob: User, group: Conversation) -> None:
    with pytest.raises(OwnerOnly):
        services.change_retention(owner=bob, conversation=group, days=7)
    for days in (0, -1, 100_000):
        with pytest.raises(BadRetention):
            keep(group, days)
    group.refresh_from_db()
    assert group.retention_days is None

    keep(group, 7)
    group.refresh_from_db()
    assert group.retention_days == 7
    line = Message.objects.filter(conversation=group).latest("seq")
    assert line.text == "Alice set the days that messages are kept to 7."
    member = group.member(bob)
    assert member is not None
    assert changes_since(member, line.seq - 2).conversation == group
    keep(group, 7)  # nothing new
    assert Message.objects.filter(conversation=group).latest("seq") == line
    keep(group, None)
    assert Message.objects.filter(conversation=group).latest("seq").text == "Alice lets messages be kept for good."


def test_this_place_has_a_default_and_a_most(alice: User, bob: User, group: Conversation, settings: Any) -> None:
    direct = make.direct(alice, bob)
    age(make.message(bob, direct, "between two"), 40)
    age(make.message(bob, group, "in the group"), 40)
    assert texts(alice) == {"between two", "in the group"}

    settings.RETENTION_DAYS_DEFAULT = 30
    assert texts(alice) == set()
    keep(group, 90)
    assert texts(alice) == {"in the group"}
    settings.RETENTION_DAYS_MAX = 35
    assert texts(alice) == set()
    settings.RETENTION_DAYS_DEFAULT = None
    assert texts(alice) == set()
    with pytest.raises(BadRetention):
        keep(group, 60)


def test_at_night_rows_and_files_are_deleted_and_the_rest_stays(alice: User, bob: User, group: Conversation) -> None:
    photo, other = make.upload(bob, size=(64, 48)), make.upload(bob, size=(64, 48))
    make.funds(bob, 1000)
    old = make.message(bob, group, "old photo", kind="image", uploads=[str(photo.pk)])
    envelope = services.send_red_envelope(
        sender=bob, conversation=group, kind="normal", amount=100, shares=2, greeting="Gift", key="k1"
    )
    age(envelope, 40)
    answer = make.message(alice, group, "an answer", reply_to=old)
    young = make.message(bob, group, "new photo", kind="image", uploads=[str(other.pk)])
    index_everything()
    head = Conversation.objects.get(pk=group.pk).head
    keep(group, 30)

    while services.purge_expired_messages():
        pass

    left = Message.objects.filter(conversation=group).exclude(kind="system")
    assert list(left.order_by("seq")) == [answer, young]
    answer.refresh_from_db()
    assert answer.reply_to is None
    assert not Upload.objects.filter(pk=photo.pk).exists()
    assert Upload.objects.filter(pk=other.pk).exists()
    assert RedEnvelope.objects.filter(pk=envelope.red_envelope_id).exists(), "money stays in the books"
    assert make.message(bob, group, "next").seq == head + 3, "numbers are not given out again"
    assert [hit.message.text for hit in find_messages(searcher=alice, search=read_search("photo")).hits] == [
        "new photo"
    ]


def test_the_files_of_what_is_deleted_go_too(alice: User, bob: User, group: Conversation, effects: Any) -> None:
    photo = make.upload(bob, size=(64, 48))
    age(make.message(bob, group, "old photo", kind="image", uploads=[str(photo.pk)]), 40)
    name = photo.file_name(Variant.THUMB)
    assert default_storage.exists(name)
    keep(group, 30)
    with effects():
        services.purge_expired_messages()

    assert not default_storage.exists(name)


def test_nothing_is_deleted_where_nothing_is_ruled(alice: User, bob: User, group: Conversation) -> None:
    age(make.message(bob, group, "very old"), 4000)

    assert services.purge_expired_messages() == 0
    assert texts(alice) == {"very old"}


def test_many_old_messages_go_in_batches(alice: User, bob: User, group: Conversation, monkeypatch: Any) -> None:
    monkeypatch.setattr("chat.services.retention.BATCH", 2)
    for number in range(5):
        make.message(bob, group, f"old {number}")
    age(Message.objects.filter(conversation=group).latest("seq"), 40)
    make.message(bob, group, "young")
    keep(group, 30)

    services.purge_expired_messages()
    assert set(Message.objects.filter(conversation=group, kind="text").values_list("text", flat=True)) == {"young"}


# --- its doors -------------------------------------------------------------------------------------------------------


def test_the_page_is_the_owners(alice: User, bob: User, group: Conversation, web: type[Web]) -> None:
    address = f"/chats/{group.pk}/retention/"
    assert web(bob).get(address).status_code == 404
    assert web(bob).post(address, {"choice": "7"}).status_code == 404
    assert web(alice).get(address).status_code == 200
    assert web(alice).post(address, {"choice": "other"}).status_code == 422
    assert web(alice).post(address, {"choice": "other", "days_chosen": "0"}).status_code == 422
    assert web(alice).post(address, {"choice": "other", "days_chosen": "45"}).status_code == 302
    group.refresh_from_db()
    assert group.retention_days == 45
    assert web(alice).post(address, {"choice": "7"}).status_code == 302
    group.refresh_from_db()
    assert group.retention_days == 7
    assert "7 days" in web(bob).get(f"/chats/{group.pk}/info/").content.decode()
    assert web(alice).post(address, {"choice": ""}).status_code == 302
    group.refresh_from_db()
    assert group.retention_days is None


def test_rest_sets_it(alice: User, bob: User, charlie: User, group: Conversation, api: type[Api]) -> None:
    address = f"/api/v1/conversations/{group.pk}/retention/"
    assert api(charlie).put(address, {"days": 7}).status_code == 404
    assert api(bob).put(address, {"days": 7}).json()["code"] == "not_allowed"
    assert api(alice).put(address, {"days": 0}).status_code == 400
    assert api(alice).put(address, {"days": 7}).json() == {"days": 7, "kept_days": 7}
    assert api(bob).get(f"/api/v1/conversations/{group.pk}/").json()["kept_days"] == 7
    assert (
        api(alice).put(f"/api/v1/conversations/{make.direct(alice, bob).pk}/retention/", {"days": 7}).status_code == 409
    )
