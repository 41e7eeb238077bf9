"""The pages of Moments, without scripts and with htmx."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from moments.models import Comment, Like, Moment
from moments.services import comment_on_moment, like_moment
from tests import make

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def test_the_timeline_shows_friends_and_me_newest_first(alice, bob, charlie, web) -> None:
    make.moment(bob, text="From bob")
    make.moment(alice, text="From alice")
    make.moment(charlie, text="From charlie")
    page = web(alice).get("/moments/").content.decode()
    assert page.index("From alice") < page.index("From bob")
    assert "From charlie" not in page


def test_the_timeline_is_paged_without_scripts(alice, bob, web) -> None:
    for number in range(45):
        make.moment(bob, text=f"Number {number}.")
    seen: list[str] = []
    url: str | None = "/moments/"
    for _ in range(3):
        page = web(alice).get(url).content.decode()
        seen += re.findall(r"Number (\d+)\.", page)
        found = re.search(r'href="(/moments/\?before=\d+)"', page)
        url = found and found[1]
    assert url is None
    assert seen == [str(number) for number in reversed(range(45))]


@pytest.mark.parametrize("before", ["x", "-1", "0", "9" * 30, "١٢", "", "1e3", "%00"])
def test_a_broken_place_in_the_address_is_no_error(alice, before, web) -> None:
    make.moment(alice)
    assert web(alice).get(f"/moments/?before={before}").status_code == 200


@pytest.mark.parametrize("photos", [1, 2, 9])
def test_photos_have_their_size_before_they_arrive(alice, bob, photos, web) -> None:
    make.moment(bob, photos=photos)
    page = web(alice).get("/moments/").content.decode()
    images = re.findall(r'<img class="photo"[^>]+>', page)
    assert len(images) == photos
    for image in images:
        assert re.search(r'width="\d+" height="\d+"', image)
        assert "data-blurhash" in image
    source = re.search(r'src="(/files/[^"]+)"', images[0])
    assert source
    assert web(alice).get(source[1].replace("&amp;", "&")).status_code == 200


@pytest.mark.covers("A1", "A12")
def test_a_moment_opens_for_friends_and_is_not_there_for_others(alice, bob, charlie, mallory, dora, web) -> None:
    moment = make.moment(alice, photos=1)
    private = make.moment(alice, audience="private")
    photo = moment.photos.get().upload
    for viewer in (alice, bob):
        assert web(viewer).get(f"/moments/{moment.pk}/").status_code == 200
    assert web(alice).get(f"/moments/{private.pk}/").status_code == 200
    assert web(bob).get(f"/moments/{private.pk}/").status_code == 404
    for viewer in (charlie, mallory, dora):
        browser = web(viewer)
        assert browser.get(f"/moments/{moment.pk}/").status_code == 404
        assert browser.get(f"/moments/{moment.pk}/comments/").status_code == 404
        assert browser.get(photo.url_for(bob, "thumb")).status_code == 404
        assert "A quiet day" not in browser.get("/moments/").content.decode()
        for verb in ("like", "unlike", "comment", "delete", "change_audience"):
            path = verb.replace("change_audience", "audience")
            data = {"text": "hello", "audience": "private"}
            assert browser.post(f"/moments/{moment.pk}/{path}/", data).status_code == 404
    assert web().get(f"/moments/{moment.pk}/")["Location"].startswith("/account/login/")
    assert not Like.objects.exists()
    assert not Comment.objects.exists()
    moment.refresh_from_db()
    assert moment.audience_mode == "friends"


def test_an_album_shows_what_i_may_see_and_does_not_exist_for_the_blocked(alice, bob, charlie, mallory, web) -> None:
    make.moment(alice, text="From alice")
    make.moment(alice, text="For alice", audience="private")
    shown = web(bob).get("/people/alice/moments/").content.decode()
    assert "From alice" in shown
    assert "For alice" not in shown
    stranger = web(charlie).get("/people/alice/moments/")
    assert stranger.status_code == 200
    assert "From alice" not in stranger.content.decode()
    assert web(mallory).get("/people/alice/moments/").status_code == 404
    assert web(bob).get("/people/nobody_here/moments/").status_code == 404


def test_posting_with_photos_without_scripts(alice, web) -> None:
    browser = web(alice)
    assert browser.get("/moments/new/").status_code == 200
    photos = [make.picture_file((64, 48)), make.picture_file((48, 64))]
    response = browser.post("/moments/new/", {"text": "Two photos", "photos": photos, "audience": "friends"})
    assert response.status_code == 302
    moment = Moment.objects.get()
    assert moment.text == "Two photos"
    sizes = [(photo.upload.width, photo.upload.height) for photo in moment.photos.order_by("position")]
    assert sizes == [(64, 48), (48, 64)]


def test_posting_photos_sent_before_keeps_their_order(alice, web) -> None:
    uploads = [make.upload(alice, size=(40, 30)) for _ in range(3)]
    ids = [str(upload.pk) for upload in reversed(uploads)]
    web(alice).post("/moments/new/", {"text": "", "uploads": ids, "audience": "private"})
    moment = Moment.objects.get()
    assert moment.audience_mode == "private"
    assert [str(photo.upload_id) for photo in moment.photos.order_by("position")] == ids


def test_a_refused_moment_says_why_and_keeps_what_was_written_and_sent(alice, web) -> None:
    broken = make.picture_file(name="broken.jpg")
    broken.file.truncate(300)
    photos = [make.picture_file((64, 48)), broken]
    response = web(alice).post("/moments/new/", {"text": "Hello", "photos": photos, "audience": "friends"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "not a picture" in page
    assert "Hello" in page
    assert not Moment.objects.exists()
    kept = re.findall(r'name="uploads" value="([0-9a-f-]{36})"', page)
    assert len(kept) == 1
    web(alice).post("/moments/new/", {"text": "Hello", "uploads": kept, "audience": "friends"})
    assert Moment.objects.get().photos.count() == 1


@pytest.mark.parametrize(
    "data",
    [
        {"text": "", "audience": "friends"},
        {"text": "  \n ", "audience": "friends"},
        {"text": "x" * 2001, "audience": "friends"},
        {"text": "x", "audience": "everybody"},
        {"text": "x"},
        {"text": "a\x00b", "audience": "friends"},
        {"text": "x", "audience": "friends", "uploads": ["x"]},
        {"text": "x", "audience": "friends", "uploads": ["00000000-0000-4000-8000-000000000000"]},
        {"text": "x", "audience": "friends", "uploads": ["x"] * 10},
        {"text": "x", "audience": "friends", "photos": "no file"},
    ],
)
def test_a_broken_form_is_refused_and_posts_nothing(alice, data, web) -> None:
    response = web(alice).post("/moments/new/", data)
    if data.get("photos") == "no file":  # a field that is no file is a form without photos
        assert response.status_code == 302
    else:
        assert response.status_code == 422
        assert not Moment.objects.exists()


def test_liking_without_scripts_goes_back_to_the_moment(alice, bob, web) -> None:
    moment = make.moment(alice)
    response = web(bob).post(f"/moments/{moment.pk}/like/", {"next": "/moments/?before=99"})
    assert response["Location"] == f"/moments/?before=99#moment-{moment.pk}"
    assert Like.objects.filter(moment=moment, person=bob).count() == 1
    web(bob).post(f"/moments/{moment.pk}/unlike/")
    assert not Like.objects.exists()


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "", "\\\\evil"])
def test_going_back_never_leaves_the_site(alice, bob, address, web) -> None:
    moment = make.moment(alice)
    response = web(bob).post(f"/moments/{moment.pk}/like/", {"next": address})
    assert response["Location"] == f"/moments/{moment.pk}/#moment-{moment.pk}"


def test_htmx_gets_the_footer_alone(alice, bob, web) -> None:
    moment = make.moment(alice)
    response = web(bob).post(f"/moments/{moment.pk}/comment/", {"text": "Nice <b>one</b>"}, headers=HTMX)
    page = response.content.decode()
    assert page.lstrip().startswith("<footer")
    assert "Nice &lt;b&gt;one&lt;/b&gt;" in page
    refused = web(bob).post(f"/moments/{moment.pk}/comment/", {"text": " "}, headers=HTMX)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()
    assert Comment.objects.count() == 1


def test_a_comment_is_answered_and_deleted(alice, bob, web) -> None:
    moment = make.moment(alice)
    comment = make.moment_comment(bob, moment, text="How nice")
    form = web(alice).get(f"/moments/{moment.pk}/?reply_to={comment.pk}").content.decode()
    assert f'name="reply_to" value="{comment.pk}"' in form
    web(alice).post(f"/moments/{moment.pk}/comment/", {"text": "Thank you", "reply_to": comment.pk})
    answer = Comment.objects.get(author=alice)
    assert answer.reply_to == comment
    assert web(bob).post(f"/moments/comments/{answer.pk}/delete/").status_code == 403
    assert web(alice).post(f"/moments/comments/{comment.pk}/delete/").status_code == 302
    assert list(Comment.objects.all()) == [answer]


@pytest.mark.parametrize("reply_to", ["x", "0", "-1", "9" * 30, "1.5"])
def test_an_answer_to_no_comment_is_refused(alice, reply_to, web) -> None:
    moment = make.moment(alice)
    data = {"text": "Hello", "reply_to": reply_to}
    assert web(alice).post(f"/moments/{moment.pk}/comment/", data, headers=HTMX).status_code == 422
    assert not Comment.objects.exists()


def test_only_the_author_deletes_and_only_by_post(alice, bob, web) -> None:
    moment = make.moment(alice)
    assert web(alice).get(f"/moments/{moment.pk}/delete/").status_code == 405
    assert web(bob).post(f"/moments/{moment.pk}/delete/").status_code == 403
    assert Moment.objects.exists()
    assert web(alice).post(f"/moments/{moment.pk}/delete/").status_code == 302
    assert not Moment.objects.exists()


def test_the_author_makes_a_moment_private(alice, bob, web) -> None:
    moment = make.moment(alice)
    assert web(bob).post(f"/moments/{moment.pk}/audience/", {"audience": "private"}).status_code == 403
    assert web(alice).post(f"/moments/{moment.pk}/audience/", {"audience": "nonsense"}).status_code == 400
    moment.refresh_from_db()
    assert moment.audience_mode == "friends"
    web(alice).post(f"/moments/{moment.pk}/audience/", {"audience": "private"})
    assert web(bob).get(f"/moments/{moment.pk}/").status_code == 404


def test_every_comment_can_be_read_although_a_card_shows_the_latest(alice, bob, web) -> None:
    moment = make.moment(alice)
    for number in range(130):
        make.moment_comment(bob, moment, text=f"Remark {number}.")
    card = web(alice).get(f"/moments/{moment.pk}/").content.decode()
    assert re.findall(r"Remark (\d+)\.", card) == [str(number) for number in range(110, 130)]
    first = web(alice).get(f"/moments/{moment.pk}/comments/").content.decode()
    url = re.search(r'href="(/moments/\d+/comments/\?after=\d+)"', first)
    assert url
    rest = web(alice).get(url[1]).content.decode()
    assert re.findall(r"Remark (\d+)\.", first + rest) == [str(number) for number in range(130)]


@pytest.mark.parametrize("url", ["/moments/", "/people/bob/moments/"])
def test_the_number_of_queries_does_not_grow_with_the_page(alice, bob, url, web, django_assert_max_num_queries) -> None:
    def fill(count: int) -> None:
        for _ in range(count):
            moment = make.moment(bob, photos=1)
            like_moment(person=alice, moment=moment)
            first = comment_on_moment(author=alice, moment=moment, text="Nice")
            comment_on_moment(author=bob, moment=moment, text="Thank you", reply_to=first)

    browser = web(alice)
    fill(5)
    browser.get(url)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        browser.get(url)
    fill(15)
    with CaptureQueriesContext(connection) as many:
        page = browser.get(url).content.decode()
    assert page.count('class="moment"') == 20
    assert len(many) == len(few)
    assert len(many) <= 12 + settings.SESSION_ENGINE.endswith(".db")  # of them: session, person, badges
