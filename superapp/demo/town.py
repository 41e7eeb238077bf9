"""Builds the demo town the way people would: through services. Times are moved into the past afterwards.

People and their pictures come first, many at a time; all the rest is one transaction. A file in the data folder says
that the work is under way, so that a start after an interruption clears up and begins again.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.models import F, Max
from django.utils import timezone, translation

import accounts.services as people_services
import chat.services as chat_services
import moments.services as moment_services
import publicaccounts.services as paper_services
from accounts.models import FriendRequest, Friendship, User
from chat.models import Conversation, Member, Message, Reaction, RecalledText
from moments.models import Comment, Like, Moment
from notifications.models import Notification
from publicaccounts.models import Article, Follow, PublicAccount
from publicaccounts.models import Comment as ArticleComment
from superapp.kernel import limits
from superapp.kernel.models import OutboxRow
from uploads.models import Upload
from uploads.services import receive_upload, remove_files
from wallet.models import RedEnvelope
from wallet.services import top_up

from . import afterthoughts as after
from . import doors, faces, robots, scenes
from .papers import PAPERS, Paper
from .people import FRIENDS, PEOPLE, REMARKS, STARRED, TAGS, WAITING
from .posts import POSTS, Post
from .script import Line, pictures_of, read
from .talk import DIRECT, GROUPS
from .things import Things
from .together import TOGETHER, Together

EMAIL_END = "@demo.invalid"
PASSWORD = "demo-town"  # noqa: S105  (printed for everybody; refused in production by superapp.checks)
_UNREAD = {("tom", "Slow readers 📚"): 3, ("mei", "Clay & Light"): 2, ("zara", "Weekend hikes ⛰️ 周末徒步"): 2}

Say = Callable[[str], None]


def is_wanted() -> bool:
    return is_unfinished() or not User.objects.exists()


def is_unfinished() -> bool:
    return _marker().exists()


def how_to_sign_in() -> list[str]:
    if not User.objects.exists():
        return ["Nobody is here yet. Make the first administrator with: make admin"]
    if settings.DEVELOPMENT and User.objects.filter(email__endswith=EMAIL_END).exists():
        return [f"Sign in with one click as a person of the demo town, or as tom with the password {PASSWORD}"]
    return []


def load(say: Say) -> None:
    began = time.monotonic()
    if is_unfinished():
        clear()
    _marker().touch()
    with limits.lifted(), translation.override("en"):
        people = _settle()
        say(f"  {len(people)} people have moved in")
        pictures = _Pictures(people, say)
        with transaction.atomic():
            town = _Town(people, pictures)
            town.build()
            OutboxRow.objects.all().delete()  # nobody waits for a notice of what happened days ago
            say(f"  {Message.objects.count()} messages, {Moment.objects.count()} moments")
    _marker().unlink()
    say(f"  done in {time.monotonic() - began:.0f} s")


def clear() -> None:
    """Take away what an interrupted load left: people and pictures; the rest was never committed."""
    left = User.objects.filter(email__endswith=EMAIL_END)
    for upload in Upload.objects.filter(owner__in=left):
        remove_files(upload)
    for name in left.exclude(avatar="").values_list("avatar", flat=True):
        default_storage.delete(name)
    left.delete()
    _marker().unlink(missing_ok=True)


def _marker() -> Any:
    return settings.DATA_DIR / "demo-town-under-way"


@transaction.atomic
def _settle() -> dict[str, User]:
    secret = make_password(PASSWORD)
    people = {}
    for number, person in enumerate(PEOPLE):
        people[person.handle] = User.objects.create_user(
            person.handle,
            f"{person.handle}{EMAIL_END}",
            display_name=person.name,
            bio=person.bio,
            region=person.region,
            language=person.language,
            timezone=person.timezone,
            joined_at=timezone.now() - timedelta(days=200 - number * 3),
        )
    User.objects.filter(email__endswith=EMAIL_END).update(password=secret)
    return people


class _Pictures:
    """Draws and receives every picture before it is needed, two at a time."""

    def __init__(self, people: dict[str, User], say: Say) -> None:
        self._people = people
        self._drawn: dict[str, bytes] = {}
        self._ready: dict[tuple[str, str], list[str]] = {}
        wanted = list(self._wanted())
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(self._portray, PEOPLE))
            last = time.monotonic()
            for done, (who, name, key) in enumerate(pool.map(self._receive, wanted), start=1):
                self._ready.setdefault((who, name), []).append(key)
                if time.monotonic() - last > 4:
                    last = time.monotonic()
                    say(f"  {done} of {len(wanted)} pictures drawn")
        for person in people.values():
            person.refresh_from_db()

    def take(self, who: str, names: Iterable[str]) -> list[str]:
        """Ids of uploads that `who` has not used yet."""
        return [self._ready[who, name].pop() for name in names]

    def _wanted(self) -> Iterable[tuple[str, str]]:
        for post in POSTS:
            yield from ((post.author, name) for name in post.photos.split())
        for script in [group.script for group in GROUPS] + list(DIRECT.values()):
            yield from pictures_of(script)
        for paper in PAPERS:
            yield from ((paper.owner, text.cover) for text in paper.texts)

    def _portray(self, person: Any) -> None:
        face = BytesIO(faces.draw(person.face))
        try:
            people_services.change_avatar(person=self._people[person.handle], file=face)
        finally:
            connection.close()  # this thread's own

    def _receive(self, wanted: tuple[str, str]) -> tuple[str, str, str]:
        who, name = wanted
        scene, _, number = name.partition("/")
        if name not in self._drawn:
            self._drawn[name] = scenes.draw(scene, int(number))
        file = SimpleUploadedFile(f"{scene}.jpg", self._drawn[name])
        try:
            upload = receive_upload(owner=self._people[who], file=file, alt=scenes.describe(scene))
        finally:
            connection.close()
        return who, name, str(upload.pk)


class _Town:
    def __init__(self, people: dict[str, User], pictures: _Pictures) -> None:
        self.people = people
        self.pictures = pictures
        self.now = timezone.now()
        self.dice = random.Random("demo town")
        self.conversations: dict[str, Conversation] = {}

    def build(self) -> None:
        self.things = Things(self.people)
        self._fill_purses()
        self._make_friends()
        for paper in PAPERS:
            self._publish(paper)
        for post in POSTS:
            self._post(post)
        self._talk()
        self._think_again()
        self._bring_in_weather()
        self._let_requests_wait()
        self._stand_at_doors()
        self._arrange_lists()

    def _arrange_lists(self) -> None:
        """Some show when they are here, and what they have read. Tom keeps his list in order."""
        for handle in ("tom", "mei", "zara", "pierre", "aisha", "lei"):
            person = self.people[handle]
            people_services.change_privacy(person=person, presence="friends", read_receipts=True)
            ago = timedelta(minutes=self.dice.randint(5, 300))
            User.objects.filter(pk=person.pk).update(last_seen_at=self.now - ago)
        tom = Member.objects.active().filter(user=self.people["tom"]).select_related("conversation")
        chat_services.change_own_place(member=tom.get(conversation__title__startswith="Weekend"), pinned=True)
        chat_services.change_own_place(member=tom.get(conversation__title__startswith="Slow"), muted=True)
        chat_services.change_own_place(member=tom.get(conversation__title__startswith="Clay"), folded=True)
        pierre = chat_services.open_direct(person=self.people["tom"], other=self.people["pierre"])
        chat_services.keep_draft(writer=self.people["tom"], conversation=pierre, text="Merci Pierre! About Sunday:")

    def several(self, handles: str) -> list[User]:
        return [self.people[handle] for handle in handles.split()]

    def tell_at(self, at: datetime, act: Callable[[], Any]) -> Any:
        """Run `act`; whatever notices it leaves were left at `at`, and old ones have been read."""
        before = Notification.objects.aggregate(last=Max("pk"))["last"] or 0
        result = act()
        new = Notification.objects.filter(pk__gt=before)
        new.update(created_at=at)
        if self.now - at > timedelta(hours=12):
            new.update(read_at=at + timedelta(hours=1))
        return result

    # --- money ---

    def _fill_purses(self) -> None:
        for person in self.people.values():
            top_up(person=person, amount=self.dice.randrange(20_000, 60_000, 500), key=f"demo-{person.handle}")

    # --- friends ---

    def _make_friends(self) -> None:
        day = self.now - timedelta(days=60)
        for line in filter(None, map(str.strip, FRIENDS.splitlines())):
            handle, _, others = line.partition(": ")
            for other in others.split():
                day += timedelta(minutes=self.dice.randint(200, 900))
                self._befriend(self.people[other], self.people[handle], min(day, self.now - timedelta(days=8)))
        for owner, tags in TAGS.items():
            for name, friends in tags.items():
                tag = people_services.create_tag(owner=self.people[owner], name=name)
                people_services.change_tag(owner=self.people[owner], tag=tag, name=name, friends=self.several(friends))
        for owner, friend, remark in REMARKS:
            people_services.change_friend(owner=self.people[owner], friend=self.people[friend], remark=remark)
        for owner, friend in STARRED:
            people_services.change_friend(owner=self.people[owner], friend=self.people[friend], starred=True)

    def _befriend(self, sender: User, receiver: User, at: datetime) -> None:
        def act() -> None:
            request = people_services.request_friend(sender=sender, receiver=receiver)
            people_services.accept_friend_request(receiver=receiver, friend_request=request)
            FriendRequest.objects.filter(pk=request.pk).update(created_at=at, answered_at=at)

        self.tell_at(at, act)
        for owner, friend in ((sender, receiver), (receiver, sender)):
            Friendship.objects.filter(owner=owner, friend=friend).update(created_at=at)
        conversation = chat_services.open_direct(person=sender, other=receiver)
        self._set_back(conversation, at)

    def _let_requests_wait(self) -> None:
        for number, (sender, receiver, greeting) in enumerate(WAITING):
            at = self.now - timedelta(hours=2 + 5 * number)
            request = self.tell_at(
                at,
                lambda s=sender, r=receiver, g=greeting: people_services.request_friend(
                    sender=self.people[s], receiver=self.people[r], greeting=g
                ),
            )
            FriendRequest.objects.filter(pk=request.pk).update(created_at=at)

    # --- public accounts ---

    def _publish(self, paper: Paper) -> None:
        owner = self.people[paper.owner]
        opened = self.now - timedelta(days=40)
        account = paper_services.open_account(owner=owner, handle=paper.handle, name=paper.name, bio=paper.bio)
        scene, _, number = paper.picture.partition("/")
        paper_services.change_account_avatar(
            owner=owner, account=account, file=BytesIO(scenes.draw(scene, int(number)))
        )
        PublicAccount.objects.filter(pk=account.pk).update(created_at=opened)
        for number_of, follower in enumerate(self.several(paper.followers)):
            at = opened + timedelta(days=1 + number_of * 2.5)
            self.tell_at(at, lambda f=follower: paper_services.follow_account(follower=f, account=account))
            Follow.objects.filter(account=account, person=follower).update(created_at=at)
        for text in paper.texts:
            at = self.now - timedelta(days=text.days)
            [cover] = self.pictures.take(paper.owner, [text.cover])
            article = paper_services.write_article(
                author=owner, account=account, title=text.title, body=text.body, digest=text.digest, cover=cover
            )
            article = paper_services.publish_article(author=owner, article=article, broadcast=False)
            Article.objects.filter(pk=article.pk).update(created_at=at, published_at=at)
            for number_of, (who, said) in enumerate(text.comments, start=1):
                later = at + timedelta(hours=3 * number_of)
                comment = self.tell_at(
                    later,
                    lambda w=who, s=said, a=article: paper_services.comment_on_article(
                        author=self.people[w], article=a, text=s
                    ),
                )
                ArticleComment.objects.filter(pk=comment.pk).update(created_at=later)

    # --- moments ---

    def _post(self, post: Post) -> None:
        at = self.now - timedelta(hours=post.when)
        moment = moment_services.post_moment(
            author=self.people[post.author],
            text=post.text,
            upload_ids=self.pictures.take(post.author, post.photos.split()),
            audience="private" if post.private else "friends",
        )
        Moment.objects.filter(pk=moment.pk).update(created_at=at)
        span = min(post.when, 20) * 3600
        for person in self.several(post.likes):
            if not person.is_friend_of(self.people[post.author]):
                continue
            later = at + timedelta(seconds=span * self.dice.uniform(0.02, 0.7))
            self.tell_at(later, lambda p=person: moment_services.like_moment(person=p, moment=moment))
            Like.objects.filter(moment=moment, person=person).update(created_at=later)
        written: list[Comment] = []
        for number, (who, said, *answers) in enumerate(post.comments, start=1):
            later = at + timedelta(seconds=span * 0.8 * number / (len(post.comments) + 1))
            comment = self.tell_at(
                later,
                lambda w=who, s=said, a=answers: moment_services.comment_on_moment(
                    author=self.people[w], moment=moment, text=s, reply_to=written[int(a[0])] if a else None
                ),
            )
            Comment.objects.filter(pk=comment.pk).update(created_at=later)
            written.append(comment)

    # --- chats ---

    def _talk(self) -> None:
        for group in GROUPS:
            owner = self.people[group.owner]
            conversation = chat_services.create_group(
                owner=owner, title=group.title, members=self.several(group.members)
            )
            if group.announcement:
                chat_services.change_group(actor=owner, conversation=conversation, announcement=group.announcement)
            lines = read(group.script, self.now)
            self._set_back(conversation, lines[0].at - timedelta(hours=2))
            self._speak(conversation, lines)
            if group.title in TOGETHER:
                self._do_together(conversation, TOGETHER[group.title])
            self._mark_read(conversation, group.title)
        for (one, other), script in DIRECT.items():
            conversation = chat_services.open_direct(person=self.people[one], other=self.people[other])
            self._speak(conversation, read(script, self.now))
            self._mark_read(conversation, "", unread_by=one if one == "tom" and other == "zara" else "")
        for conversation in Conversation.objects.filter(pk__in=self._silent()):
            Member.objects.filter(conversation=conversation).update(read_seq=conversation.head)

    def _do_together(self, conversation: Conversation, done: Together) -> None:
        if done.poll:
            asked, _new = chat_services.send_poll(
                sender=self.people[done.poll.who],
                conversation=conversation,
                client_id=self._new_id(),
                question=done.poll.question,
                options=done.poll.options,
                is_multiple=done.poll.is_multiple,
            )
            for handle, options in done.poll.votes.items():
                chat_services.vote(voter=self.people[handle], message=asked, options=options)
            chat_services.announce_owed(what="poll", thing_id=asked.poll.pk)
            self._said_at(asked, done.poll.ago)
        if done.sign_up:
            words = {name: getattr(done.sign_up, name) for name in ("title", "description", "example")}
            begun, _new = chat_services.send_list(
                sender=self.people[done.sign_up.who], conversation=conversation, client_id=self._new_id(), **words
            )
            for handle, text in done.sign_up.lines.items():
                chat_services.sign_up(person=self.people[handle], message=begun, text=text)
            chat_services.announce_owed(what="list", thing_id=begun.sign_up_list.pk)
            self._said_at(begun, done.sign_up.ago)
        if done.todo:
            actor = self.people[done.todo.who]
            todo = chat_services.make_todo(actor=actor, conversation=conversation, text=done.todo.text)
            self._said_at(Message.objects.filter(conversation=conversation).latest("seq"), done.todo.ago)
            for person in self.several(done.todo.done_by):
                chat_services.tick(person=person, todo=todo)
            chat_services.announce_owed(what="todo", thing_id=todo.pk)
        for ago, handle, text in done.words:
            at = self.now - timedelta(minutes=ago)
            line = Line(handle, at, text=text)
            self._said_at(self.tell_at(at, lambda said=line: self._say(conversation, said)), ago)
        for hours, handle, text in done.later:
            chat_services.schedule_message(
                sender=self.people[handle],
                conversation=conversation,
                text=text,
                send_at=self.now + timedelta(hours=hours),
            )

    def _said_at(self, message: Message, ago: int) -> None:
        at = self.now - timedelta(minutes=ago)
        Message.objects.filter(pk=message.pk).update(created_at=at)
        Conversation.objects.filter(pk=message.conversation_id).update(changed_at=at, active_at=at)

    def _new_id(self) -> uuid.UUID:
        return uuid.UUID(int=self.dice.getrandbits(128), version=4)

    def _bring_in_weather(self) -> None:
        hikes = Conversation.objects.get(title=doors.HIKES)
        before = self._last_word_in(hikes)
        robots.bring_in_weather(owner=self.people["tom"], hikes=hikes)
        self._put_back(hikes, before)

    def _stand_at_doors(self) -> None:
        hikes = Conversation.objects.get(title=doors.HIKES)
        owner = self.people["tom"]
        before = self._last_word_in(hikes)
        chat_services.change_rules(actor=owner, conversation=hikes, rules=doors.RULES)
        for handle in doors.ADMINS.split():
            member = hikes.members.get(user=self.people[handle])
            chat_services.change_role(actor=owner, conversation=hikes, member=member, role=Member.Role.ADMIN.value)
        link = chat_services.create_invite(actor=owner, conversation=hikes, hours=7 * 24)
        for ago, (handle, greeting) in enumerate(doors.ASKING, start=2):
            self.tell_at(
                self.now - timedelta(hours=ago),
                lambda h=handle, g=greeting: chat_services.join_by_invite(
                    person=self.people[h], invite=link, greeting=g
                ),
            )
        self._put_back(hikes, before)
        host, guest, invited, title = doors.INVITED
        chat_services.change_chat_privacy(person=self.people[invited], groups="ask")
        at = self.now - timedelta(hours=6)
        climbers = self.tell_at(
            at,
            lambda: chat_services.create_group(
                owner=self.people[host], title=title, members=self.several(f"{guest} {invited}")
            ),
        )
        self._set_back(climbers, at)
        for handle, other, text in doors.STRANGERS:
            opened = chat_services.open_direct(person=self.people[handle], other=self.people[other])
            self._speak(opened, [Line(handle, self.now - timedelta(hours=4), text=text)])

    def _last_word_in(self, conversation: Conversation) -> datetime:
        return Message.objects.filter(conversation=conversation).latest("seq").created_at

    def _put_back(self, conversation: Conversation, at: datetime) -> None:
        """What the admins have changed, they changed when somebody last spoke."""
        Message.objects.filter(conversation=conversation, created_at__gt=at).update(created_at=at)
        Conversation.objects.filter(pk=conversation.pk).update(changed_at=at, active_at=at)
        head = Conversation.objects.get(pk=conversation.pk).head
        Member.objects.filter(conversation=conversation, read_seq__gte=head - 12).update(read_seq=head)

    # --- what is done with what has been said ---

    def _think_again(self) -> None:
        for begins, chosen in after.REACTIONS.items():
            said = self._said(begins)
            for emoji, people in chosen.items():
                for person in self.several(people):
                    chat_services.react(person=person, message=said, emoji=emoji)
            Reaction.objects.filter(message=said).update(created_at=said.created_at + timedelta(minutes=2))
        for who, begins, text in after.EDITED:
            edited = chat_services.edit_message(editor=self.people[who], message=self._said(begins), text=text)
            Message.objects.filter(pk=edited.pk).update(edited_at=F("created_at") + timedelta(minutes=1))
        for title, who, text in after.RECALLED:
            self._regret(Conversation.objects.get(title=title), self.people[who], text)
        for who, friend, beginnings in after.PASSED_ON:
            to = chat_services.open_direct(person=self.people[who], other=self.people[friend])
            found = [self._said(begins) for begins in beginnings]
            client_id = uuid.UUID(int=self.dice.getrandbits(128), version=4)
            chat_services.forward_messages(
                sender=self.people[who], messages=found, to=[to], client_id=client_id, merged=len(found) > 1
            )
            self._say_lately(to)
        for who, texts in after.NOTES.items():
            own = chat_services.open_direct(person=self.people[who], other=self.people[who])
            begun = self.now - timedelta(hours=30)
            self._speak(own, [Line(who, begun + timedelta(hours=number), text) for number, text in enumerate(texts)])
            self._mark_read(own, "")
        for who, begins in after.KEPT:
            chat_services.save_messages(owner=self.people[who], messages=[self._said(begins)])
        for who, title, whose in after.KEPT_PICTURES:
            pictures = Message.objects.filter(kind=Message.Kind.IMAGE, conversation__title=title)
            shown = pictures.filter(sender=self.people[whose]).earliest("seq")
            chat_services.save_messages(owner=self.people[who], messages=[shown])

    def _said(self, begins: str) -> Message:
        return Message.objects.get(text__startswith=begins, forwarded=False)

    def _regret(self, conversation: Conversation, who: User, text: str) -> None:
        said = self._say(conversation, Line(who.handle, self.now, text))
        chat_services.recall_message(actor=who, message=said)
        RecalledText.objects.all().delete()
        self._say_lately(conversation)

    def _say_lately(self, conversation: Conversation) -> None:
        """Its latest message comes a minute after the one before, and all but those who are behind have read it."""
        *_older, before, last = Message.objects.filter(conversation=conversation).order_by("seq")
        at = min(before.created_at + timedelta(minutes=1), self.now - timedelta(seconds=20))
        Message.objects.filter(pk=last.pk).update(created_at=at, recalled_at=at if last.is_recalled else None)
        Conversation.objects.filter(pk=conversation.pk).update(changed_at=at, active_at=at)
        Member.objects.filter(conversation=conversation, read_seq__gte=before.seq).update(read_seq=last.changed_seq)

    def _silent(self) -> list[int]:
        spoken = Message.objects.exclude(kind=Message.Kind.SYSTEM).values("conversation")
        return list(Conversation.objects.exclude(pk__in=spoken).values_list("pk", flat=True))

    def _set_back(self, conversation: Conversation, at: datetime) -> None:
        Conversation.objects.filter(pk=conversation.pk).update(created_at=at, changed_at=at, active_at=at)
        Conversation.objects.filter(pk=conversation.pk, announced_at__isnull=False).update(announced_at=at)
        Message.objects.filter(conversation=conversation).update(created_at=at)
        Member.objects.filter(conversation=conversation).update(joined_at=at)

    def _speak(self, conversation: Conversation, lines: list[Line]) -> None:
        for line in lines:
            message = self._say(conversation, line)
            Message.objects.filter(pk=message.pk).update(created_at=line.at)
        Message.objects.filter(conversation=conversation, kind=Message.Kind.SYSTEM, created_at__gt=lines[-1].at).update(
            created_at=lines[-1].at
        )
        Conversation.objects.filter(pk=conversation.pk).update(changed_at=lines[-1].at, active_at=lines[-1].at)

    def _say(self, conversation: Conversation, line: Line) -> Message:
        sender = self.people[line.who]
        if line.thing is not None:
            return self.things.say(sender, conversation, *line.thing)
        if line.envelope is None:
            message, _ = chat_services.send_message(
                sender=sender,
                conversation=conversation,
                client_id=uuid.UUID(int=self.dice.getrandbits(128), version=4),
                kind=Message.Kind.IMAGE if line.pictures else Message.Kind.TEXT,
                text=line.text,
                uploads=self.pictures.take(line.who, line.pictures),
            )
            return message
        envelope = line.envelope
        message = chat_services.send_red_envelope(
            sender=sender,
            conversation=conversation,
            kind=envelope.kind,
            amount=envelope.amount,
            shares=envelope.shares,
            greeting=envelope.greeting,
            key=f"demo-{conversation.pk}-{line.at.isoformat()}",
        )
        for claimer in self.several(" ".join(envelope.claimers)):
            red_envelope = RedEnvelope.objects.get(pk=message.red_envelope_id)
            self.tell_at(
                line.at,
                lambda c=claimer, e=red_envelope: chat_services.claim_red_envelope(claimer=c, red_envelope=e),
            )
        return message

    def _mark_read(self, conversation: Conversation, title: str, unread_by: str = "") -> None:
        members = Member.objects.filter(conversation=conversation)
        members.update(read_seq=Conversation.objects.get(pk=conversation.pk).head)
        for handle in self.people:
            left = _UNREAD.get((handle, title), 1 if handle == unread_by else 0)
            if left:
                members.filter(user=self.people[handle]).update(read_seq=F("read_seq") - left)
