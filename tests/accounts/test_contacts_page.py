from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import contacts, services
from accounts.models import FriendRequest, Friendship
from tests import make


def names(page: contacts.ContactPage) -> list[tuple[str, list[str]]]:
    return [(section.heading, [row.name for row in section.friendships]) for section in page.sections]


def shown(person, *args) -> contacts.ContactPage:
    return contacts.contact_page(Friendship.objects.visible_to(person), *args)


def test_friends_stand_under_the_letter_of_the_name_one_knows_them_by(alice, bob, charlie, dora):
    for handle, name in [("wang", "王小明"), ("emoji", "😀"), ("eli", "Éli")]:
        make.friends(alice, make.person(handle, display_name=name))
    make.friends(alice, charlie)
    make.friends(alice, dora)
    services.change_friend(owner=alice, friend=charlie, remark="Aunt C")
    services.change_friend(owner=alice, friend=dora, starred=True)

    assert names(shown(alice)) == [
        ("★", ["Dora"]),
        ("A", ["Aunt C"]),
        ("B", ["Bob"]),
        ("E", ["Éli"]),
        ("W", ["王小明"]),
        ("#", ["😀"]),
    ]
    assert names(shown(bob)) == [("A", ["Alice"])]


def test_friends_are_found_by_remark_name_or_handle(alice, bob, charlie):
    make.friends(alice, charlie)
    services.change_friend(owner=alice, friend=charlie, remark="Uncle")

    for query in ("uncle", "CHARLIE", "harl"):
        assert names(shown(alice, query)) == [("U", ["Uncle"])]
    assert names(shown(alice, "nobody")) == []


def test_a_long_list_comes_in_pages(alice, monkeypatch, web):
    monkeypatch.setattr(contacts, "PAGE_SIZE", 2)
    for handle in ("ann", "ben", "cat"):
        make.friends(alice, make.person(handle))

    first = shown(alice)
    assert (names(first), first.total) == ([("A", ["Ann"]), ("B", ["Ben"])], 3)
    page = web(alice).get("/contacts/").content.decode()
    assert f"/contacts/{first.next_query}" in page and "Cat" not in page
    assert "Cat" in web(alice).get(f"/contacts/{first.next_query}").content.decode()
    assert shown(alice, "", 2).next_offset is None
    assert web(alice).get("/contacts/?offset=99999999999999999999").status_code == 200


@pytest.mark.parametrize("path", ["/contacts/", "/api/v1/friends/?limit=100", "/contacts/tags/", "/people/bob/"])
def test_more_friends_do_not_mean_more_queries(alice, bob, web, path):
    browser = web(alice)

    def add(start, end):
        for n in range(start, end):
            friend = make.person(f"friend{n}")
            make.friends(alice, friend)
            services.change_friend(owner=alice, friend=friend, remark=f"R{n}")

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        return len(captured)

    browser.get(path)
    add(0, 10)
    with_ten = queries()
    add(10, 50)
    assert queries() == with_ten


def test_requests_are_counted_at_the_top(alice, charlie, dora, web):
    services.request_friend(sender=charlie, receiver=alice)
    services.request_friend(sender=dora, receiver=alice)

    page = web(alice).get("/contacts/requests/").content.decode()
    assert page.count('class="row request"') == 2
    services.decline_friend_request(receiver=alice, friend_request=FriendRequest.objects.first())
    assert web(alice).get("/contacts/requests/").content.decode().count('class="row request"') == 1


@pytest.mark.covers("C1")
def test_every_form_needs_its_token(alice, bob, charlie):
    request = services.request_friend(sender=charlie, receiver=alice)
    tag = services.create_tag(owner=alice, name="Family")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    before = (Friendship.objects.count(), FriendRequest.objects.pending().count())

    for path in (
        f"/contacts/requests/{request.pk}/accept/",
        f"/contacts/requests/{request.pk}/decline/",
        "/contacts/tags/",
        f"/contacts/tags/{tag.pk}/",
        f"/contacts/tags/{tag.pk}/delete/",
        "/people/bob/edit/",
        "/people/bob/remove/",
        "/people/bob/block/",
        "/people/bob/unblock/",
        "/people/charlie/request/",
        "/me/profile/",
        "/api/v1/blocks/",
    ):
        assert browser.post(path, {"name": "x", "handle": "bob"}).status_code == 403, path
    assert (Friendship.objects.count(), FriendRequest.objects.pending().count()) == before
    assert alice.is_friend_of(bob)


@pytest.mark.parametrize(
    "path", ["/contacts/", "/contacts/add/", "/contacts/requests/", "/contacts/tags/", "/people/alice/", "/me/blocks/"]
)
def test_guests_are_asked_to_sign_in(alice, client, path):
    answer = client.get(path)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/?next=")


def test_names_are_shown_as_text(alice, web):
    villain = make.person("villain", display_name="<script>alert(1)</script>", bio="<img src=x onerror=alert(2)>")
    services.request_friend(sender=villain, receiver=alice, greeting="<b>hi</b>")

    for path in ("/contacts/requests/", "/people/villain/", "/contacts/add/?q=villain", "/people/villain/block/"):
        page = web(alice).get(path).content.decode()
        assert "&lt;script&gt;" in page
        assert "<script>alert" not in page and "<img src=x" not in page and "<b>hi" not in page
