"""Channels become groups, messages keep their times and order. Done again it goes on where it has stopped."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.names import clean_line
from chat.models import Conversation, ImportedChannel, Member, Message, Reaction
from chat.models.conversation import ANNOUNCEMENT_LENGTH_MAX, FACES_MAX, TITLE_LENGTH_MAX
from chat.search.indexing import index_conversation
from chat.services.conversations import seat_founders
from chat.services.numbering import take_number
from superapp.kernel.batches import ROWS_AT_ONCE

from .archive import Archive, Channel
from .text import emoji_of, plain_text

BATCH = 500
NAME_LENGTH_MAX = 50
SAID = {None, "", "thread_broadcast", "me_message", "bot_message", "file_share", "file_comment", "reply_broadcast"}


@dataclass
class Report:
    people_known: int = 0
    people_made: int = 0
    groups: int = 0
    messages: int = 0
    reactions: int = 0
    skipped: dict[str, int] = field(default_factory=dict)

    def skip(self, why: str, count: int = 1) -> None:
        self.skipped[why] = self.skipped.get(why, 0) + count


def import_export(
    archive: Archive, *, owner: User, handles: Mapping[str, str], tell: Callable[[str], None], dry_run: bool = False
) -> Report:
    """`handles` names people here for ids, names or e-mail addresses there. `dry_run` counts what would come."""
    report = Report()
    users = archive.users()
    people = _people(users, handles, report, dry_run=dry_run)
    workspace = next((str(user["team_id"]) for user in users if isinstance(user.get("team_id"), str)), "")
    for name in archive.untouched():
        report.skip(f"{name}: direct messages and canvases are not brought in")
    for channel in archive.channels():
        bringing = _Bringing(
            archive=archive,
            channel=channel,
            key=f"slack:{workspace}:{channel.id}"[:100],
            owner=owner,
            people=people,
            names={user["id"]: _name_of(user) for user in users},
            report=report,
        )
        bringing.run(dry_run=dry_run)
        tell(f"#{channel.name}: {report.messages:,} messages so far")
    return report


@dataclass
class _Bringing:
    """One channel on its way in."""

    archive: Archive
    channel: Channel
    key: str
    owner: User
    people: dict[str, User]  # by their ids there
    names: dict[str, str]
    report: Report
    bots: dict[str, User] = field(default_factory=dict)

    def run(self, *, dry_run: bool) -> None:
        known = ImportedChannel.objects.filter(key=self.key).select_related("conversation").first()
        if known is None and not dry_run:
            known = self._make_group()
        self.report.groups += 1
        after = known.reached if known else ""
        said = iter(self._said(after))
        while batch := list(islice(said, BATCH)):
            if dry_run or known is None:
                self.report.messages += len(batch)
            else:
                self._write(known, batch)
        if known is not None and not dry_run:
            self._finish(known.conversation)

    def _said(self, after: str) -> Iterable[dict[str, Any]]:
        for row in self.archive.messages(self.channel, after):
            if row.get("type") != "message" or row.get("subtype") not in SAID:
                self.report.skip("notices of the other system (joined, left, renamed …)")
            elif not self._text_of(row):
                self.report.skip("messages without words")
            else:
                yield row

    @transaction.atomic
    def _make_group(self) -> ImportedChannel:
        members = [self.people[one] for one in self.channel.members if one in self.people]
        seated = list(dict.fromkeys([self.owner, *(person for person in members if person.is_active)]))
        if len(seated) > settings.GROUP_MEMBERS_MAX:
            self.report.skip("members beyond what a group holds", len(seated) - settings.GROUP_MEMBERS_MAX)
            seated = seated[: settings.GROUP_MEMBERS_MAX]
        group = Conversation.objects.create(
            kind=Conversation.Kind.GROUP,
            title=clean_line(self.channel.name)[:TITLE_LENGTH_MAX],
            announcement=plain_text(self.channel.purpose, self.names)[:ANNOUNCEMENT_LENGTH_MAX],
            head=len(seated) + 1,
            changed_seq=1,
            created_by=self.owner,
            member_count=len(seated),
            face_ids=[person.pk for person in seated][:FACES_MAX],
        )
        seat_founders(group, seated, owner=self.owner)
        return ImportedChannel.objects.create(key=self.key, conversation=group)

    @transaction.atomic
    def _write(self, known: ImportedChannel, batch: list[dict[str, Any]]) -> None:
        """Messages, how far we are, and nothing in between."""
        group = known.conversation
        parents = self._parents(group, batch)
        numbers = take_number(group, count=len(batch), speaks=False)
        rows = []
        for seq, row in enumerate(batch, start=numbers.first):
            parent = parents.get(str(row.get("thread_ts"))) if row.get("thread_ts") != row["ts"] else None
            message = Message(
                conversation=group,
                seq=seq,
                changed_seq=seq,
                sender=self._sender_of(row),
                kind=Message.Kind.TEXT,
                client_id=self._id_of(row["ts"]),
                text=self._text_of(row),
                reply_to=parent if parent is not None and parent.pk else None,
                created_at=datetime.fromtimestamp(float(row["ts"]), UTC),
            )
            rows.append((row, message, parent))
            parents[row["ts"]] = message
        Message.objects.bulk_create([message for _row, message, _parent in rows], batch_size=ROWS_AT_ONCE)
        late = []  # what answers a message that has come with it
        for _row, message, parent in rows:
            if parent is not None and message.reply_to_id is None:
                message.reply_to = parent
                late.append(message)
        Message.objects.bulk_update(late, ["reply_to"])
        self._react([(row, message) for row, message, _parent in rows])
        known.reached = batch[-1]["ts"]
        known.save(update_fields=["reached"])
        self.report.messages += len(batch)

    def _parents(self, group: Conversation, batch: list[dict[str, Any]]) -> dict[str, Message]:
        """Messages of earlier batches, or of an earlier run, that these answer."""
        wanted = {str(row["thread_ts"]) for row in batch if row.get("thread_ts") and row["thread_ts"] != row["ts"]}
        ids = {self._id_of(ts): ts for ts in wanted}
        found = Message.objects.filter(conversation=group, client_id__in=ids)
        return {ids[message.client_id]: message for message in found if message.client_id}

    def _react(self, rows: list[tuple[dict[str, Any], Message]]) -> None:
        reactions, reacted = [], []
        for row, message in rows:
            mine = self._reactions_of(row, message)
            if mine:
                message.reaction_count = len(mine)
                reacted.append(message)
                reactions += mine
        Reaction.objects.bulk_create(reactions)
        Message.objects.bulk_update(reacted, ["reaction_count"])
        self.report.reactions += len(reactions)

    def _reactions_of(self, row: dict[str, Any], message: Message) -> list[Reaction]:
        given = row.get("reactions")
        chosen: dict[tuple[int, str], Reaction] = {}
        for one in (given if isinstance(given, list) else [])[: settings.REACTIONS_MAX]:
            emoji = emoji_of(one.get("name")) if isinstance(one, dict) else None
            people = one.get("users") if isinstance(one, dict) else None
            if emoji is None:
                self.report.skip("reactions with emoji that are not here")
                continue
            for person in (self.people.get(str(user)) for user in (people if isinstance(people, list) else [])):
                if person is not None:
                    chosen[person.pk, emoji] = Reaction(
                        message=message, conversation=message.conversation, user=person, emoji=emoji,
                        created_at=message.created_at,
                    )  # fmt: skip
        return list(chosen.values())

    @transaction.atomic
    def _finish(self, group: Conversation) -> None:
        """As if it had all been here: nothing of it is news, and the group stands where it was last spoken in."""
        span = Message.objects.filter(conversation=group).exclude(kind=Message.Kind.SYSTEM)
        last = span.order_by("-seq").values_list("created_at", flat=True).first()
        first = span.order_by("seq").values_list("created_at", flat=True).first()
        head = Conversation.objects.values_list("head", flat=True).get(pk=group.pk)
        if first is not None and last is not None:
            Conversation.objects.filter(pk=group.pk).update(created_at=first, active_at=last)
        Member.objects.filter(conversation=group).update(read_seq=head)
        while index_conversation(group.pk):
            pass

    def _id_of(self, ts: object) -> uuid.UUID:
        return uuid.uuid5(uuid.NAMESPACE_URL, f"{self.key}:{ts}")

    def _sender_of(self, row: dict[str, Any]) -> User:
        person = self.people.get(str(row.get("user")))
        if person is not None:
            return person
        known = str(row.get("bot_id") or row.get("user") or "unknown")
        if known not in self.bots:
            name = row.get("username")
            self.bots[known] = _placeholder(
                known, clean_line(name if isinstance(name, str) else "") or known, self.report
            )
        return self.bots[known]

    def _text_of(self, row: dict[str, Any]) -> str:
        text = row.get("text")
        parts = [plain_text(text if isinstance(text, str) else "", self.names)]
        for kind, words in (("attachments", ("fallback", "text", "title")), ("files", ())):
            given = row.get(kind)
            for one in (given if isinstance(given, list) else [])[:20]:
                if isinstance(one, dict):
                    parts.append(_file_line(one) if kind == "files" else self._first_of(one, words))
        whole = "\n".join(part for part in dict.fromkeys(parts) if part)
        return whole if len(whole) <= settings.MESSAGE_LENGTH_MAX else whole[: settings.MESSAGE_LENGTH_MAX - 1] + "…"

    def _first_of(self, attachment: dict[str, Any], names: Iterable[str]) -> str:
        words = (attachment.get(name) for name in names)
        return next((plain_text(word, self.names) for word in words if isinstance(word, str) and word), "")


def _file_line(file: dict[str, Any]) -> str:
    """What the file was called and where it lies: nothing is fetched."""
    name = file.get("name") or file.get("title")
    address = file.get("permalink") or file.get("url_private")
    words = [str(word) for word in (name, address) if isinstance(word, str)]
    return f"📎 {' '.join(words)}" if words else ""


def _people(
    users: list[dict[str, Any]], handles: Mapping[str, str], report: Report, *, dry_run: bool
) -> dict[str, User]:
    """Each user as a person here: as the map says, by e-mail address, or a name that nobody can sign in to."""
    people: dict[str, User] = {}
    for user in users:
        person = _known_person(user, handles)
        if person is not None:
            report.people_known += 1
            people[user["id"]] = person
        elif dry_run:
            report.people_made += 1
        else:
            people[user["id"]] = _placeholder(user["id"], _name_of(user), report)
    return people


def _known_person(user: dict[str, Any], handles: Mapping[str, str]) -> User | None:
    profile = user.get("profile")
    email = profile.get("email") if isinstance(profile, dict) else None
    email = email.strip().lower() if isinstance(email, str) else ""
    for name in (user["id"], str(user.get("name")), email):
        if name and name.lower() in handles:
            return User.objects.active().named(handles[name.lower()]).first()
    return User.objects.active().filter(email__iexact=email, is_bot=False).first() if email else None


def _placeholder(key: str, name: str, report: Report) -> User:
    handle = f"slack_{''.join(part for part in key.lower() if part.isascii() and part.isalnum())}"[:30]
    known = User.objects.filter(handle=handle).first()
    if known is not None:
        return known
    report.people_made += 1
    made: User = User.objects.create_user(handle, "", None, display_name=name[:NAME_LENGTH_MAX], is_active=False)
    return made


def _name_of(user: dict[str, Any]) -> str:
    profile = user.get("profile")
    profile = profile if isinstance(profile, dict) else {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    return next((name for one in names if isinstance(one, str) and (name := clean_line(one))), user["id"])
