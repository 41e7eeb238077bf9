"""A small town in which every private thing carries a word of its own: a canary. Wherever it is heard, somebody could
read that thing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.storage import default_storage
from django.utils.timezone import now

from accounts import services as accounts
from accounts.models import User
from bots import services as bots
from chat import services as chat
from chat.models import Conversation, Message, RecalledText
from chat.page_words import PageWords
from moments.services import like_moment
from notifications.models import Notification
from publicaccounts.services import change_account
from superapp.kernel.images import read_picture
from tests import films, make
from uploads.models import Upload
from uploads.services import convert_upload, receive_file
from wallet.models import Entry

VIEWERS = ("alice", "bob", "carol", "charlie", "mallory", "dora", "ex", "mod", "guest")
UNKNOWN_NUMBER, UNKNOWN_NAME = "2000000001", "nobody_here"
UNKNOWN_UUID = "8f14e45f-ceea-467f-8a52-1d9b0f3c2a11"


def canary(word: str) -> str:
    return f"canary-{word}-sings"


@dataclass
class Town:
    """Alice's things, mostly. Bob is her friend; so is Carol, who does not know Bob and came into the group late.
    Charlie is a stranger who asks to be her friend. Alice has blocked Mallory, once a friend. Dora follows Alice's
    public account. Ex was a friend and in the group, took from its red envelope, and has been put out of both. Mod is
    staff. Lena, who only lends her name, is friends with Alice and Bob and likes Alice's moment."""

    people: dict[str, User] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)  # as addresses name them
    files: dict[str, Upload] = field(default_factory=dict)

    def unknown_ids(self) -> dict[str, str]:
        """For each thing an id of the same shape that names nothing."""
        return {name: _unknown(value) for name, value in self.ids.items()}

    def pixels(self, name: str, variant: str) -> bytes:
        """A file as it is stored."""
        with default_storage.open(self.files[name].file_name(variant)) as stored:
            content: bytes = stored.read()
        return content


def _unknown(value: str) -> str:
    if value.isdecimal():
        return UNKNOWN_NUMBER
    return UNKNOWN_UUID if value.count("-") == 4 and len(value) == 36 else UNKNOWN_NAME


def build() -> Town:
    town = Town()
    for name in ("alice", "bob", "carol", "charlie", "mallory", "dora"):
        town.people[name] = make.person(name)
    town.people["ex"] = make.person("ex_friend")
    town.people["mod"] = make.person("mod", is_staff=True, is_superuser=True)
    _acquaint(town)
    _fill_moments(town)
    _fill_chats(town)
    _fill_public_account(town)
    return town


def _acquaint(town: Town) -> None:
    alice, bob = town.people["alice"], town.people["bob"]
    lena = make.person("lena", display_name=canary("lena"))
    for one, other in ((alice, bob), (alice, town.people["carol"]), (alice, town.people["ex"])):
        make.friends(one, other)
    for asker, asked in ((lena, alice), (lena, bob), (town.people["mallory"], alice)):
        make.friends(asker, asked)

    accounts.change_profile(person=alice, bio=canary("profile"))
    accounts.change_avatar(person=alice, file=make.picture_file(size=(70, 70)))
    accounts.change_friend(owner=alice, friend=bob, remark=canary("remark"))
    request = make.friend_request(town.people["charlie"], alice, greeting=canary("request"))
    tag = accounts.create_tag(owner=alice, name=canary("tag"))
    accounts.assign_tags(owner=alice, friend=bob, tags=[tag.pk])
    alice.refresh_from_db()
    town.ids |= {
        "alice": "alice",
        "avatar": str(alice.avatar_url).rpartition("/")[2].removesuffix(".webp"),
        "request": str(request.pk),
        "tag": str(tag.pk),
    }


def _photo(town: Town, name: str, size: tuple[int, int]) -> str:
    upload = make.upload(town.people["alice"], alt=canary(name), size=size)
    town.files[name] = upload
    town.ids[name] = str(upload.pk)
    return str(upload.pk)


def _fill_moments(town: Town) -> None:
    alice, bob = town.people["alice"], town.people["bob"]
    moment = make.moment(alice, canary("moment"))
    photo = make.post_moment(author=alice, upload_ids=[_photo(town, "moment_photo", (61, 60))])
    private = make.moment(alice, canary("private"), audience="private")
    comment = make.moment_comment(bob, moment, canary("comment"))
    like_moment(person=User.objects.get(handle="lena"), moment=moment)
    notice = Notification.objects.filter(recipient=alice, kind="moment_liked").get()
    _photo(town, "upload", (62, 60))
    town.ids |= {
        "moment": str(moment.pk),
        "photo_moment": str(photo.pk),
        "private": str(private.pk),
        "comment": str(comment.pk),
        "notice": str(notice.pk),
    }
    accounts.block_person(blocker=alice, blocked=town.people["mallory"])


def _fill_chats(town: Town) -> None:
    alice, bob, carol, ex = (town.people[name] for name in ("alice", "bob", "carol", "ex"))
    group = chat.create_group(owner=alice, title=canary("group"), members=[bob, ex])
    early = _say(alice, group, text=canary("early"))
    chat.add_members(actor=alice, conversation=group, members=[carol])
    said = _say(bob, group, text=canary("said"))
    _say(alice, group, kind="image", uploads=[_photo(town, "chat_photo", (63, 60))])
    bobs = group.member(bob)
    assert bobs is not None
    chat.change_own_membership(member=bobs, nickname=canary("nickname"))
    make.funds(alice, 54321)
    carried = chat.send_red_envelope(
        sender=alice, conversation=group, kind="normal", amount=900, shares=9, greeting=canary("gift"), key=str(uuid4())
    )
    envelope = carried.red_envelope
    assert envelope is not None
    chat.claim_red_envelope(claimer=bob, red_envelope=envelope)
    chat.claim_red_envelope(claimer=ex, red_envelope=envelope)
    exs = group.member(ex)
    assert exs is not None
    chat.remove_member(actor=alice, conversation=group, member=exs)
    accounts.remove_friend(owner=alice, friend=ex)
    _open_doors(town, group)
    _fill_what_is_done_together(town, group)
    _say(alice, Conversation.objects.direct_between(alice, bob).get(), text=canary("direct"))
    _seat_a_bot(town, group)
    _preview(town, group)
    _send_things(town, group)
    _reword_and_keep(town, group, said)
    carols = Conversation.objects.direct_between(alice, carol).get()
    chat.keep_draft(writer=alice, conversation=carols, text=canary("begun"))
    _say(bob, group, text=canary("later"))
    town.ids |= {
        "group": str(group.pk),
        "export": str(chat.request_export(person=alice, conversation=make.direct(alice, bob)).pk),
        "direct": str(Conversation.objects.direct_between(alice, bob).get().pk),
        "carols": str(carols.pk),
        "early": str(early.pk),
        "early_seq": str(early.seq),
        "said": str(said.pk),
        "envelope": str(envelope.pk),
        "bill": str(Entry.objects.get(amount=54321, account__owner=alice).pk),
    }


def _open_doors(town: Town, group: Conversation) -> None:
    """Alice's kitchen, with a link into it, by which Dora asks to be let in, and to which Carol is invited; what Mod, a
    stranger, would like to say to Alice; and an announcement in the group."""
    alice, carol, mod = (town.people[name] for name in ("alice", "carol", "mod"))
    kitchen = chat.create_group(owner=alice, title=canary("kitchen"), members=[town.people["bob"]])
    chat.change_rules(actor=alice, conversation=kitchen, rules={"joining_needs_approval": True})
    invite = chat.create_invite(actor=alice, conversation=kitchen)
    asking = chat.join_by_invite(person=town.people["dora"], invite=invite, greeting=canary("asking"))
    chat.change_chat_privacy(person=carol, groups="ask")
    chat.add_members(actor=alice, conversation=kitchen, members=[carol])
    chat.change_group(actor=alice, conversation=group, announcement=canary("announced"))
    knock = chat.open_direct(person=mod, other=alice)
    _say(mod, knock, text=canary("knock"))
    town.ids |= {
        "kitchen": str(kitchen.pk),
        "invite": str(invite.pk),
        "token": invite.token,
        "asking": str(asking.pk),
        "invited": str(kitchen.admissions.get(user=carol).pk),
        "knock": str(knock.pk),
    }


def _fill_what_is_done_together(town: Town, group: Conversation) -> None:
    alice, bob = town.people["alice"], town.people["bob"]
    options = [canary("option"), "Another"]
    poll, _new = chat.send_poll(
        sender=alice, conversation=group, client_id=uuid4(), question=canary("poll"), options=options
    )
    chat.vote(voter=bob, message=poll, options=[2])
    joined, _new = chat.send_list(sender=alice, conversation=group, client_id=uuid4(), title=canary("list"))
    chat.sign_up(person=bob, message=joined, text=canary("entry"))
    todo = chat.make_todo(actor=alice, conversation=group, text=canary("todo"))
    scheduled = chat.schedule_message(
        sender=alice, conversation=group, text=canary("scheduled"), send_at=now() + timedelta(days=9)
    )
    town.ids |= {
        "poll": str(poll.pk),
        "list": str(joined.pk),
        "todo": str(todo.pk),
        "scheduled": str(scheduled.pk),
    }


def _seat_a_bot(town: Town, group: Conversation) -> None:
    """In the group for all members to see; how it is set up is for Alice alone."""
    alice = town.people["alice"]
    robot = bots.create_bot(owner=alice, handle="robot_bot", name="Robot", description=canary("robot"))
    bots.add_bot(actor=alice, conversation=group, bot=robot)
    bots.change_bot(owner=alice, bot=robot, url=f"https://example.org/{canary('boturl')}")
    bots.add_command(owner=alice, bot=robot, name="whistle", description=canary("whistle"))
    bots.make_token(owner=alice, bot=robot)
    webhook, _token = bots.create_webhook(actor=alice, conversation=group, bot=robot)
    delivery = bots.send_ping(owner=alice, bot=robot)
    town.ids |= {
        "robot": "robot_bot",
        "robot_pk": str(robot.pk),
        "command": "whistle",
        "webhook": str(webhook.pk),
        "delivery": str(delivery.pk),
    }


def _reword_and_keep(town: Town, group: Conversation, said: Message) -> None:
    """A message of Bob's in other words, Carol's reaction to another, words that Alice has taken back, and what she
    notes for herself: one note she keeps, of another she sends a record to the group."""
    alice, bob = town.people["alice"], town.people["bob"]
    chat.react(person=town.people["carol"], message=said, emoji="🎉")
    edited = _say(bob, group, text=canary("before"))
    chat.edit_message(editor=bob, message=edited, text="In other words")
    recalled = _say(alice, group, text=canary("regret"))
    chat.recall_message(actor=alice, message=recalled)
    RecalledText.objects.update(expires_at=now() + timedelta(days=1))
    own = chat.open_direct(person=alice, other=alice)
    note = _say(alice, own, text=canary("note"))
    [saved] = chat.save_messages(owner=alice, messages=[note])
    told = _say(alice, own, text=canary("told"))
    [record] = chat.forward_messages(sender=alice, messages=[told], to=[group], client_id=uuid4(), merged=True)
    _say(alice, own, text="That is all")
    town.ids |= {
        "edited": str(edited.pk),
        "recalled": str(recalled.pk),
        "own": str(own.pk),
        "saved": str(saved.pk),
        "record": str(record.pk),
    }


def _send_things(town: Town, group: Conversation) -> None:
    """A file, a place and a voice in the group; a pack of stickers that is Alice's alone; an emoji for all."""
    alice = town.people["alice"]
    named = receive_file(owner=alice, file=films.file(b"words", canary("file")), kind="file")
    _say(alice, group, kind="file", uploads=[str(named.pk)])
    place = {"name": canary("place"), "address": "", "latitude": 1.0, "longitude": 2.0}
    chat.send_place(sender=alice, conversation=group, client_id=uuid4(), place=place)
    voice = receive_file(owner=alice, file=films.file(films.voice(seconds=1)), kind="voice")
    convert_upload(voice.pk)
    spoken = _say(alice, group, kind="voice", uploads=[str(voice.pk)])
    failed = receive_file(owner=alice, file=films.file(b"nothing"), kind="voice")
    convert_upload(failed.pk)
    pack = chat.make_pack(owner=alice, name=canary("pack"))
    sticker = chat.add_sticker(owner=alice, pack=pack, file=make.picture_file(size=(20, 20)), words=canary("sticker"))
    emoji = chat.make_custom_emoji(moderator=town.people["mod"], name="jam", file=make.picture_file(size=(20, 20)))
    town.ids |= {
        "named": str(named.pk),
        "voice": str(spoken.pk),
        "failed": str(failed.pk),
        "pack": str(pack.pk),
        "sticker": str(sticker.pk),
        "emoji": emoji.name,
    }


def _preview(town: Town, group: Conversation) -> None:
    """A link in the group, with what it leads to."""
    linked = _say(town.people["alice"], group, text="http://10.0.0.1/page")
    preview = chat.await_preview(message_id=linked.pk)
    assert preview is not None
    picture = read_picture(make.picture_file(size=(64, 60)))
    chat.keep_preview(preview=preview, words=PageWords(title=canary("preview")), picture=picture)
    chat.show_to_waiting(preview=preview)
    town.ids |= {"preview": str(preview.pk), "linked": str(linked.pk)}


def _say(sender: User, conversation: Conversation, **words: Any) -> Any:
    return chat.send_message(sender=sender, conversation=conversation, client_id=uuid4(), **words)[0]


def _fill_public_account(town: Town) -> None:
    alice, bob = town.people["alice"], town.people["bob"]
    account = make.public_account(alice, handle="tea_notes", name=canary("account"))
    make.follower(account, town.people["dora"])
    closed = make.public_account(alice, handle="closed_notes", name=canary("closed"))
    in_closed = make.article(closed, title=canary("inclosed"))
    change_account(owner=alice, account=closed, is_closed=True)
    article = make.article(account, title=canary("article"), body=f"<p>{canary('body')}</p>")
    draft = make.draft(account, title=canary("draft"))
    town.ids |= {
        "account": account.handle,
        "closed": closed.handle,
        "in_closed": str(in_closed.pk),
        "article": str(article.pk),
        "draft": str(draft.pk),
        "bobs_word": str(make.article_comment(bob, article, canary("bobsword")).pk),
        "alices_word": str(make.article_comment(alice, article, canary("alicesword")).pk),
    }
