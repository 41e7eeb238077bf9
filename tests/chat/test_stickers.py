"""Packs of stickers, stickers kept, and the emoji of the place."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from chat import services
from chat.custom_emoji import find_custom_emoji, forget_custom_emoji
from chat.models import CustomEmoji, FavouriteSticker, Message, Sticker, StickerPack
from chat.services.stickers import PackFull, TooManyFavourites, TooManyPacks
from superapp.kernel.animation import read_animation
from superapp.kernel.images import NotAPicture, PictureTooLarge
from superapp.kernel.stores import OutOfReach
from tests import make

pytestmark = pytest.mark.django_db

PACKS = "/api/v1/sticker-packs/"


@pytest.fixture(autouse=True)
def no_emoji_remembered():
    forget_custom_emoji()
    yield
    forget_custom_emoji()


def animation(frames: int = 3, size: tuple[int, int] = (400, 300), kind: str = "GIF") -> SimpleUploadedFile:
    shades = [Image.new("RGBA", size, (number * 40 % 255, 120, 90, 128)) for number in range(frames)]
    buffer = BytesIO()
    shades[0].save(buffer, kind, save_all=True, append_images=shades[1:], duration=80, comment=b"SECRET")
    return SimpleUploadedFile(f"a.{kind.lower()}", buffer.getvalue())


@pytest.fixture
def pack(alice) -> StickerPack:
    return services.make_pack(owner=alice, name="Bread", shared=True)


@pytest.fixture
def sticker(alice, pack) -> Sticker:
    return services.add_sticker(owner=alice, pack=pack, file=animation(), words="a loaf")


@pytest.mark.covers("D4")
@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_a_moving_picture_goes_on_moving_smaller_and_without_its_notes(kind) -> None:
    made = read_animation(animation(kind=kind), 256)
    picture = Image.open(BytesIO(made.content))
    assert (picture.format, picture.n_frames, picture.size) == ("WEBP", 3, (256, 192))
    assert b"SECRET" not in made.content


@pytest.mark.covers("D3")
@pytest.mark.parametrize(
    ("file", "error"),
    [
        (BytesIO(b"words"), NotAPicture),
        (BytesIO(b"GIF89a/*\x00\x00*/=alert(1);"), NotAPicture),
        (BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), NotAPicture),
        (BytesIO(b"\x89PNG\r\n\x1a\n" + b"\x00" * 6_000_000), PictureTooLarge),
        (animation(frames=61, size=(8, 8), kind="WEBP"), PictureTooLarge),
        (make.picture_file((2049, 10)), PictureTooLarge),
    ],
)
def test_what_is_no_small_picture_is_refused(file, error) -> None:
    with pytest.raises(error):
        read_animation(file, 256)


def test_a_pack_is_made_filled_found_and_used(alice, bob, api, web) -> None:
    made = api(alice).post(PACKS, {"name": " Bread ", "shared": True})
    assert made.status_code == 201
    pack = made.json()
    put_in = api(alice).post(
        f"{PACKS}{pack['id']}/stickers/", {"file": animation(), "words": "a loaf"}, format="multipart"
    )
    assert put_in.status_code == 201
    picture = web(bob).get(put_in.json()["image"])
    assert picture["Content-Type"] == "image/webp"
    assert web().get(put_in.json()["image"]).status_code == 404

    [found] = api(bob).get(PACKS, {"shared": "true"}).json()["results"]
    assert (found["name"], found["owner"], found["stickers"][0]["words"]) == ("Bread", "alice", "a loaf")
    assert api(bob).get(PACKS).json()["results"] == []
    for _again in range(2):
        assert api(bob).post(f"{PACKS}{pack['id']}/added/").status_code == 204
    assert len(api(bob).get(PACKS).json()["results"]) == 1
    chat = make.direct(alice, bob)
    sent = api(bob).post(
        f"/api/v1/conversations/{chat.pk}/messages/",
        {"client_id": str(uuid4()), "kind": "sticker", "sticker": put_in.json()["id"]},
    )
    assert sent.status_code == 201
    assert sent.json()["sticker"]["image"] == put_in.json()["image"]
    assert sent.json()["text"] == "a loaf"
    assert "[Sticker] a loaf" in web(alice).get("/chats/").content.decode()
    assert api(bob).delete(f"{PACKS}{pack['id']}/added/").status_code == 204
    assert api(bob).get(PACKS).json()["results"] == []


def test_a_pack_of_ones_own_is_not_there_for_others(alice, bob, sticker, pack, api, web) -> None:
    services.change_pack(owner=alice, pack=pack, shared=False)
    chat = make.direct(alice, bob)
    assert api(bob).get(f"{PACKS}{pack.pk}/").status_code == 404
    assert web(bob).get(f"/stickers/packs/{pack.pk}/").status_code == 404
    assert api(bob).post("/api/v1/stickers/favourites/", {"sticker": str(sticker.pk)}).status_code == 404
    sent = {"client_id": str(uuid4()), "kind": "sticker", "sticker": str(sticker.pk)}
    assert api(bob).post(f"/api/v1/conversations/{chat.pk}/messages/", sent).status_code == 404
    assert not Message.objects.filter(kind="sticker").exists()


def test_only_its_maker_changes_a_pack(alice, bob, mod, pack, sticker, api) -> None:
    assert api(bob).patch(f"{PACKS}{pack.pk}/", {"name": "Mine"}).status_code == 403
    assert api(bob).delete(f"/api/v1/stickers/{sticker.pk}/").status_code == 403
    assert api(bob).delete(f"{PACKS}{pack.pk}/").status_code == 403
    put_in = api(bob).post(f"{PACKS}{pack.pk}/stickers/", {"file": animation(), "words": "x"}, format="multipart")
    assert put_in.status_code == 403
    pack.refresh_from_db()
    assert (pack.name, pack.removed_at, Sticker.objects.get().removed_at) == ("Bread", None, None)
    assert api(alice).patch(f"{PACKS}{pack.pk}/", {"name": "Rolls"}).json()["name"] == "Rolls"
    assert api(mod).delete(f"{PACKS}{pack.pk}/").status_code == 204  # whoever looks after the place
    assert api(alice).get(f"{PACKS}{pack.pk}/").status_code == 404


def test_a_sticker_is_kept_from_a_message_whatever_becomes_of_its_pack(
    alice, bob, charlie, sticker, pack, api, web
) -> None:
    services.change_pack(owner=alice, pack=pack, shared=False)
    chat = make.direct(alice, bob)
    message, _created = services.send_sticker(sender=alice, conversation=chat, client_id=uuid4(), sticker_id=sticker.pk)
    assert api(charlie).post("/api/v1/stickers/favourites/", {"message": str(message.pk)}).status_code == 404
    page = f"/messages/{message.pk}/sticker/"
    assert web(charlie).get(page).status_code == 404
    assert "Add to my stickers" in web(bob).get(page).content.decode()
    for _again in range(2):
        assert web(bob).post(page).status_code == 302
    services.remove_pack(actor=alice, pack=pack)
    assert [one["words"] for one in api(bob).get("/api/v1/stickers/favourites/").json()] == ["a loaf"]
    again, _created = services.send_sticker(sender=bob, conversation=chat, client_id=uuid4(), sticker_id=sticker.pk)
    assert web(alice).get(again.payload["image"]).status_code == 200
    assert api(bob).delete(f"/api/v1/stickers/favourites/{sticker.pk}/").status_code == 204
    assert not FavouriteSticker.objects.exists()


def test_there_is_an_end_to_how_many(alice, sticker, pack, monkeypatch) -> None:
    monkeypatch.setattr("chat.services.stickers.STICKERS_IN_PACK_MAX", 1)
    stored = default_storage.listdir("stickers")[1]
    with pytest.raises(PackFull):
        services.add_sticker(owner=alice, pack=pack, file=animation(), words="one more")
    assert default_storage.listdir("stickers")[1] == stored
    monkeypatch.setattr("chat.services.stickers.FAVOURITES_MAX", 0)
    with pytest.raises(TooManyFavourites):
        services.keep_sticker(person=alice, sticker=sticker)
    monkeypatch.setattr("chat.services.stickers.PACKS_MAX", 1)
    with pytest.raises(TooManyPacks):
        services.make_pack(owner=alice, name="Another")


def test_stickers_work_without_scripts(alice, bob, web) -> None:
    browser = web(alice)
    made = browser.post("/stickers/", {"name": "Bread", "shared": "on"})
    page = made["Location"]
    assert browser.post("/stickers/", {"name": ""}).status_code == 422
    assert browser.post(page, {"file": animation(), "words": "a loaf"}).status_code == 302
    assert browser.post(page, {"file": SimpleUploadedFile("x.png", b"words"), "words": "x"}).status_code == 422
    sticker = Sticker.objects.get()
    assert "a loaf" in browser.get(page).content.decode()
    chat = make.direct(alice, bob)
    here = f"/chats/{chat.pk}/stickers/"
    assert "a loaf" in browser.get(here).content.decode()
    assert browser.post(here, {"sticker": sticker.pk, "client_id": str(uuid4())}).status_code == 302
    assert Message.objects.get(kind="sticker").payload["sticker"] == str(sticker.pk)
    theirs = web(bob)
    assert theirs.post(f"{page}add/").status_code == 302
    assert "a loaf" in theirs.get(here).content.decode()
    assert theirs.post(f"/stickers/{sticker.pk}/keep/").status_code == 302
    assert theirs.post(f"/stickers/{sticker.pk}/forget/").status_code == 302
    assert theirs.post(f"{page}put-away/").status_code == 302
    assert browser.post(f"{page}change/", {"name": "Rolls"}).status_code == 302
    assert browser.post(f"/stickers/{sticker.pk}/remove/").status_code == 302
    assert browser.post(f"{page}remove/").status_code == 302
    assert StickerPack.objects.get().removed_at is not None


# --- Emoji of the place -----------------------------------------------------------------------------------------------


def test_moderators_add_and_remove_emoji(mod, alice, api, web) -> None:
    url = "/api/v1/custom-emoji/"
    assert api(alice).post(url, {"name": "jam", "file": animation()}, format="multipart").status_code == 403
    assert web(alice).post("/emoji/own/", {"name": "jam", "file": animation()}).status_code == 403
    assert not CustomEmoji.objects.exists()
    assert web(mod).post("/emoji/own/", {"name": ":Jam:", "file": animation()}).status_code == 302
    for name, status in [("jam", 409), ("x", 400), ("a b", 400), ("<b>", 400), ("x" * 31, 400)]:
        assert api(mod).post(url, {"name": name, "file": animation()}, format="multipart").status_code == status
    [listed] = api(alice).get(url).json()
    assert listed["name"] == "jam"
    assert web(alice).get(listed["image"])["Content-Type"] == "image/webp"
    assert api(alice).delete(f"{url}jam/").status_code == 403
    assert web(alice).post("/emoji/own/jam/remove/").status_code == 403
    assert CustomEmoji.objects.exists()
    assert api(mod).delete(f"{url}jam/").status_code == 204
    assert api(mod).delete(f"{url}jam/").status_code == 404


def test_an_emoji_is_drawn_in_a_text_and_nowhere_it_does_not_belong(alice, bob, mod, web, effects) -> None:
    with effects():
        made = services.make_custom_emoji(moderator=mod, name="jam", file=animation())
    chat = make.direct(alice, bob)
    make.message(alice, chat, text="Good :jam: and :nothing: <b>:jam:</b> https://example.org/:jam:/ 10:30:15")
    page = web(bob).get(f"/chats/{chat.pk}/").content.decode()
    drawn = f'<img class="custom-emoji" src="{made.url}" alt=":jam:" title=":jam:" width="24" height="24">'
    assert f"Good {drawn} and :nothing: &lt;b&gt;{drawn}&lt;/b&gt;" in page
    assert 'href="https://example.org/:jam:/"' in page
    assert find_custom_emoji(":jam:") == find_custom_emoji("jam") == made.url
    assert find_custom_emoji("nothing") is None
    with effects():
        services.remove_custom_emoji(moderator=mod, emoji=made)
    assert "Good :jam: and" in web(bob).get(f"/chats/{chat.pk}/").content.decode()


def test_the_picker_has_them_beside_everybodys_by_group(alice, mod, web, effects) -> None:
    with effects():
        made = services.make_custom_emoji(moderator=mod, name="jam", file=animation())
    answered = web(alice).get("/emoji/").json()
    assert answered["own"] == [[":jam:", "jam", made.url]]
    assert [group["name"] for group in answered["groups"]][:2] == ["Smileys", "People and body"]
    everything = {sign: name for group in answered["groups"] for sign, name in group["emoji"]}
    assert everything["🍞"] == "bread"
    assert len(everything) > 700


def test_a_chat_shows_its_emoji_while_the_cache_is_away(mod, settings) -> None:
    services.make_custom_emoji(moderator=mod, name="jam", file=animation())
    known = find_custom_emoji("jam")
    nobody = "redis://127.0.0.1:1/0"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": nobody}}
    with pytest.raises(OutOfReach):
        cache.get("anything")

    assert known is not None
    assert find_custom_emoji("jam") == known
