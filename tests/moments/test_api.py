"""Moments over REST."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moments.models import Comment, Like, Moment
from moments.services import comment_on_moment, like_moment
from tests import make
from uploads.models import Upload, Variant

pytestmark = pytest.mark.django_db

URL = "/api/v1/moments/"


def test_a_moment_is_posted_and_read(alice, bob, api, web) -> None:
    upload = make.upload(alice, alt="A lake")
    body = {"text": " First snow! ", "uploads": [str(upload.pk)], "audience": {"mode": "friends"}}
    response = api(alice).post(URL, body)
    assert response.status_code == 201
    made = response.json()
    assert made["text"] == "First snow!"
    assert made["author"]["handle"] == "alice"
    assert made["audience"] == {"mode": "friends"}
    assert (made["liked"], made["likes"], made["comments"]) == (False, [], [])

    read = api(bob).get(f"{URL}{made['id']}/").json()
    assert read["id"] == made["id"]
    photo = read["uploads"][0]
    assert photo["alt"] == "A lake"
    assert web(bob).get(photo["variants"]["thumb"]).status_code == 200
    assert api(bob).get(URL).json()["results"][0]["id"] == made["id"]


@pytest.mark.covers("A1", "A12")
def test_only_friends_reach_a_moment(alice, bob, charlie, mallory, dora, api, web) -> None:
    moment = make.moment(alice, photos=1)
    comment = make.moment_comment(bob, moment)
    address = f"{URL}{moment.pk}/"
    read = api(bob).get(address)
    assert read.status_code == 200
    photo_url = read.json()["uploads"][0]["url"]
    for viewer in (charlie, mallory, dora):
        client = api(viewer)
        assert web(viewer).get(photo_url).status_code == 404
        for answer in (
            client.get(address),
            client.patch(address, {"audience": {"mode": "private"}}),
            client.delete(address),
            client.post(f"{address}like/"),
            client.delete(f"{address}like/"),
            client.get(f"{address}comments/"),
            client.post(f"{address}comments/", {"text": "hello"}),
            client.delete(f"/api/v1/moment-comments/{comment.pk}/"),
        ):
            assert answer.status_code == 404
            assert answer.json()["code"] == "not_found"
        assert client.get(URL).json()["results"] == []
    assert api(charlie).get("/api/v1/people/alice/moments/").json()["results"] == []
    assert api(mallory).get("/api/v1/people/alice/moments/").status_code == 404
    for answer in (api().get(address), api().get(URL), api().post(URL, {"text": "x"})):
        assert answer.status_code in {401, 403}
    assert Moment.objects.filter(pk=moment.pk, audience_mode="friends").exists()
    assert Comment.objects.count() == 1
    assert not Like.objects.exists()


@pytest.mark.covers("A12")
def test_chat_only_and_hiding_are_honoured(alice, bob, api) -> None:
    from accounts.services import change_friend

    of_alice, of_bob = make.moment(alice), make.moment(bob)

    def seen(viewer, moment) -> bool:
        return api(viewer).get(f"{URL}{moment.pk}/").status_code == 200

    def listed(viewer) -> set[str]:
        return {moment["id"] for moment in api(viewer).get(URL).json()["results"]}

    both = {str(of_alice.pk), str(of_bob.pk)}
    assert listed(bob) == listed(alice) == both

    change_friend(owner=alice, friend=bob, hide_my_moments=True)
    assert not seen(bob, of_alice)
    assert seen(alice, of_bob)
    assert listed(bob) == {str(of_bob.pk)}

    change_friend(owner=alice, friend=bob, hide_my_moments=False, chat_only=True)
    assert not seen(bob, of_alice)
    assert not seen(alice, of_bob)

    change_friend(owner=alice, friend=bob, chat_only=False, hide_their_moments=True)
    assert listed(alice) == {str(of_alice.pk)}
    assert seen(alice, of_bob)  # when alice goes there herself
    assert listed(bob) == both


@pytest.mark.covers("A12")
def test_likes_and_comments_are_seen_by_those_who_know_both_sides(alice, bob, charlie, api) -> None:
    """Charlie becomes alice's friend, and stays a stranger to bob."""
    make.friends(alice, charlie)
    moment = make.moment(alice)
    like_moment(person=bob, moment=moment)
    like_moment(person=charlie, moment=moment)
    of_bob = comment_on_moment(author=bob, moment=moment, text="From bob")
    comment_on_moment(author=alice, moment=moment, text="To bob", reply_to=of_bob)
    comment_on_moment(author=alice, moment=moment, text="To all")
    of_charlie = comment_on_moment(author=charlie, moment=moment, text="From charlie")

    def shown(viewer) -> tuple[list[str], list[str]]:
        body = api(viewer).get(f"{URL}{moment.pk}/").json()
        return [like["handle"] for like in body["likes"]], [comment["text"] for comment in body["comments"]]

    assert shown(alice) == (["bob", "charlie"], ["From bob", "To bob", "To all", "From charlie"])
    assert shown(bob) == (["bob"], ["From bob", "To bob", "To all"])
    assert shown(charlie) == (["charlie"], ["To all", "From charlie"])
    listed = api(charlie).get(f"{URL}{moment.pk}/comments/").json()["results"]
    assert [comment["text"] for comment in listed] == ["From charlie", "To all"]

    answer = api(charlie).post(f"{URL}{moment.pk}/comments/", {"text": "Hm", "reply_to": str(of_bob.pk)})
    assert answer.json()["code"] == "unknown_comment"
    assert api(bob).delete(f"/api/v1/moment-comments/{of_charlie.pk}/").status_code == 404
    assert Comment.objects.count() == 4

    make.friends(bob, charlie)
    assert shown(charlie) == shown(alice) == shown(bob)


def test_what_a_former_friend_said_is_gone_for_all(alice, bob, charlie, api) -> None:
    from accounts.services import remove_friend

    make.friends(alice, charlie)
    make.friends(bob, charlie)
    moment = make.moment(alice)
    of_charlie = comment_on_moment(author=charlie, moment=moment, text="From charlie")
    comment_on_moment(author=bob, moment=moment, text="To charlie", reply_to=of_charlie)
    assert len(api(bob).get(f"{URL}{moment.pk}/").json()["comments"]) == 2
    remove_friend(owner=alice, friend=charlie)
    for viewer in (alice, bob):
        assert api(viewer).get(f"{URL}{moment.pk}/").json()["comments"] == []
    assert api(charlie).get(f"{URL}{moment.pk}/").status_code == 404


def test_liking_twice_is_liking_and_unliking_twice_is_not_liking(alice, bob, api) -> None:
    moment = make.moment(alice)
    for _ in range(2):
        assert api(bob).post(f"{URL}{moment.pk}/like/").status_code == 204
        assert api(bob).get(f"{URL}{moment.pk}/").json()["liked"] is True
    assert Like.objects.count() == 1
    for _ in range(2):
        assert api(bob).delete(f"{URL}{moment.pk}/like/").status_code == 204
    assert not Like.objects.exists()


def test_comments_are_written_answered_and_deleted(alice, bob, api) -> None:
    moment = make.moment(alice)
    first = api(bob).post(f"{URL}{moment.pk}/comments/", {"text": "How nice"}).json()
    second = api(alice).post(f"{URL}{moment.pk}/comments/", {"text": "Thanks", "reply_to": first["id"]}).json()
    assert second["reply_to"] == {"id": first["id"], "author": "bob"}
    refused = api(bob).delete(f"/api/v1/moment-comments/{second['id']}/")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
    assert api(alice).delete(f"/api/v1/moment-comments/{first['id']}/").status_code == 204
    assert [comment.text for comment in Comment.objects.all()] == ["Thanks"]


def test_another_moment_s_comment_cannot_be_answered(alice, bob, api) -> None:
    one, other = make.moment(alice), make.moment(alice)
    comment = make.moment_comment(bob, one)
    answer = api(alice).post(f"{URL}{other.pk}/comments/", {"text": "x", "reply_to": str(comment.pk)})
    assert answer.json()["code"] == "unknown_comment"


def test_a_friend_may_see_but_not_change(alice, bob, api) -> None:
    moment = make.moment(alice)
    for answer in (
        api(bob).delete(f"{URL}{moment.pk}/"),
        api(bob).patch(f"{URL}{moment.pk}/", {"audience": {"mode": "private"}}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")
    assert Moment.objects.filter(pk=moment.pk, audience_mode="friends").exists()


def test_a_moment_made_private_is_gone_for_friends(alice, bob, api) -> None:
    moment = make.moment(alice)
    assert api(bob).get(f"{URL}{moment.pk}/").status_code == 200
    answer = api(alice).patch(f"{URL}{moment.pk}/", {"audience": {"mode": "private"}})
    assert answer.json()["audience"] == {"mode": "private"}
    assert api(bob).get(f"{URL}{moment.pk}/").status_code == 404


def test_deleting_takes_the_files_too(alice, api, effects) -> None:
    moment = make.moment(alice, photos=2)
    uploads = [photo.upload for photo in moment.photos.select_related("upload")]
    names = [upload.file_name(variant) for upload in uploads for variant in Variant]
    assert all(default_storage.exists(name) for name in names)
    with effects():
        assert api(alice).delete(f"{URL}{moment.pk}/").status_code == 204
    assert not Moment.objects.exists()
    assert not Upload.objects.exists()
    assert not any(default_storage.exists(name) for name in names)


@pytest.mark.parametrize("whose", ["theirs", "used", "twice"])
def test_uploads_that_are_not_free_are_refused_and_nothing_is_posted(alice, bob, api, whose) -> None:
    mine, theirs = make.upload(alice), make.upload(bob)
    used = make.moment(alice, photos=1).photos.get().upload
    ids = {"theirs": [mine, theirs], "used": [mine, used], "twice": [mine, mine]}[whose]
    answer = api(alice).post(URL, {"text": "x", "uploads": [str(upload.pk) for upload in ids]})
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_upload")
    assert Moment.objects.count() == 1
    mine.refresh_from_db()
    assert mine.attached_at is None
    assert api(alice).post(URL, {"uploads": [str(mine.pk)]}).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": "  "},
        {"text": "x" * 2001},
        {"text": ["x"]},
        {"text": {"x": 1}},
        {"text": "a\x00b"},
        {"text": "x", "uploads": "x"},
        {"text": "x", "uploads": ["x"]},
        {"text": "x", "uploads": [7]},
        {"text": "x", "uploads": [None]},
        {"text": "x", "uploads": [["x"]]},
        {"text": "x", "uploads": ["00000000-0000-4000-8000-000000000000"] * 10},
        {"text": "x", "audience": "friends"},
        {"text": "x", "audience": {}},
        {"text": "x", "audience": {"mode": "only", "people": ["bob"]}},
        {"text": "x", "audience": {"mode": ["friends"]}},
        {"text": "x", "audience": None},
        [],
        "x",
        None,
        7,
    ],
)
def test_a_broken_body_is_refused_and_posts_nothing(alice, api, body) -> None:
    answer = api(alice).post(URL, body)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not Moment.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": " "},
        {"text": "x" * 501},
        {"text": {"a": 1}},
        {"text": "x", "reply_to": "x"},
        {"text": "x", "reply_to": "9" * 40},
        {"text": "x", "reply_to": "-1"},
        {"text": "x", "reply_to": {"id": 1}},
        {"text": "x", "reply_to": ""},
        {"text": "x", "reply_to": "²"},
        [],
        None,
    ],
)
def test_a_broken_comment_is_refused_and_leaves_nothing(alice, api, body) -> None:
    moment = make.moment(alice)
    assert api(alice).post(f"{URL}{moment.pk}/comments/", body).status_code == 400
    assert not Comment.objects.exists()


@pytest.mark.parametrize("raw", [b"{", b"\xff", b'{"text": NaN}', b'{"text": "\\ud800"}', b"[" * 100_000])
def test_broken_json_is_refused(alice, api, raw) -> None:
    answer = api(alice).generic("POST", URL, raw, content_type="application/json")
    assert answer.status_code == 400
    assert not Moment.objects.exists()


@pytest.mark.parametrize("pk", ["0", "9" * 18, "9" * 40, "x", "-1"])
def test_an_id_that_nothing_has_is_not_found(alice, api, pk) -> None:
    for address in (f"{URL}{pk}/", f"{URL}{pk}/comments/"):
        assert api(alice).get(address).status_code == 404
    for address in (f"{URL}{pk}/like/", f"/api/v1/moment-comments/{pk}/"):
        assert api(alice).delete(address).status_code == 404


def test_the_list_is_paged(alice, bob, api) -> None:
    ids = [str(make.moment(bob).pk) for _ in range(5)]
    first = api(alice).get(f"{URL}?limit=2").json()
    second = api(alice).get(first["next"]).json()
    third = api(alice).get(second["next"]).json()
    seen = [moment["id"] for page in (first, second, third) for moment in page["results"]]
    assert seen == ids[::-1]
    assert third["next"] is None
    for address in ("?cursor=x", "?limit=x", "?limit=-1", "?cursor=%00"):
        assert api(alice).get(URL + address).status_code in {200, 404}


def test_the_number_of_queries_does_not_grow_with_the_list(alice, bob, api) -> None:
    def fill(count: int) -> None:
        for _ in range(count):
            moment = make.moment(bob, photos=2)
            like_moment(person=alice, moment=moment)
            first = comment_on_moment(author=alice, moment=moment, text="Nice")
            comment_on_moment(author=bob, moment=moment, text="Thank you", reply_to=first)

    client = api(alice)
    fill(5)
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    fill(15)
    with CaptureQueriesContext(connection) as many:
        assert len(client.get(URL).json()["results"]) == 20
    assert len(few) == len(many) <= 10
