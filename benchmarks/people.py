"""A town to measure in: one reader with many friends, busy conversations and full timelines."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test.utils import override_settings
from django.utils import timezone

from accounts.models import Friendship, User
from chat import services as chat
from chat.models import Conversation
from moments.models import Comment, Like, Moment, MomentPhoto
from superapp.kernel import limits
from uploads.models import Upload
from wallet.models import RedEnvelope
from wallet.services import top_up

PEOPLE = 500
BAND = 50  # of them in a smaller group
CIRCLE = 12  # of them who all know each other
BACKEND = "accounts.backends.PersonBackend"


class Town:
    """Each friend has a conversation with the reader; all are in one group, of which the latest 40 messages are."""

    def __init__(self) -> None:
        with transaction.atomic(), limits.lifted(), override_settings(GROUP_CONSENT_ABOVE=PEOPLE):
            self.people = User.objects.bulk_create(
                User(handle=f"person_{number}", email=f"{number}@bench.invalid", display_name=f"Person {number}")
                for number in range(PEOPLE)
            )
            for person in self.people:
                person.set_unusable_password()
            User.objects.bulk_update(self.people, ["password"])
            self.reader, *self.friends = self.people
            self._befriend()
            self.directs = [chat.open_direct(person=self.reader, other=friend) for friend in self.friends]
            self.group = chat.create_group(owner=self.reader, members=self.friends, title="Everybody")
            self.band = chat.create_group(owner=self.reader, members=self.friends[: BAND - 1], title="The band")
            self._talk()
            self._share()
            self.keys = self._sign_in()

    def _befriend(self) -> None:
        pairs = [(self.reader, friend) for friend in self.friends]
        circle = self.friends[:CIRCLE]
        pairs += [(one, other) for place, one in enumerate(circle) for other in circle[place + 1 :]]
        Friendship.objects.bulk_create(
            Friendship(owner=owner, friend=friend) for pair in pairs for owner, friend in (pair, pair[::-1])
        )

    def _talk(self) -> None:
        words = "Shall we meet at the lake on Saturday, or would Sunday suit everybody better? "
        for number, direct in enumerate(self.directs):
            self._say(self.friends[number], direct, f"{number}: {words}")
        for number in range(60):
            self._say(self.friends[number % 5], self.group, f"{number}: {words * (1 + number % 3)}")
        self.reader.memberships.update(read_seq=2**31)
        for conversation in [*self.directs[:20], self.group]:
            self.reader.memberships.filter(conversation=conversation).update(read_seq=conversation.head - 1)

    def _say(self, sender: User, conversation: Conversation, text: str) -> None:
        chat.send_message(sender=sender, conversation=conversation, client_id=uuid.uuid4(), text=text)

    def _share(self) -> None:
        """Forty moments of three photos, six likes and four comments."""
        circle = self.friends[:CIRCLE]
        begun = timezone.now() - timedelta(days=20)
        for number in range(40):
            author = circle[number % CIRCLE]
            moment = Moment.objects.create(author=author, text=f"A day at the sea, number {number}. " * 3)
            Moment.objects.filter(pk=moment.pk).update(created_at=begun + timedelta(hours=number * 11))
            photos = Upload.objects.bulk_create(
                Upload(
                    owner=author, state=Upload.State.READY, width=1600, height=1200, attached_at=begun, alt="The sea",
                    blurhash="LEHV6nWB2yk8pyo0adR*.7kCMdnj",
                )
                for _ in range(3)
            )  # fmt: skip
            MomentPhoto.objects.bulk_create(
                MomentPhoto(moment=moment, upload=photo, position=place) for place, photo in enumerate(photos)
            )
            others = [person for person in circle if person != author]
            Like.objects.bulk_create(Like(moment=moment, person=person) for person in others[:6])
            Comment.objects.bulk_create(
                Comment(moment=moment, author=person, text="How lovely, I wish I had been there!")
                for person in others[:4]
            )

    def _sign_in(self) -> list[str]:
        """A session for each of the people; the keys, in their order."""
        store, until = SessionStore(), timezone.now() + timedelta(days=1)
        sessions = [
            Session(
                session_key=uuid.uuid4().hex,
                session_data=store.encode(
                    {
                        SESSION_KEY: str(person.pk),
                        BACKEND_SESSION_KEY: BACKEND,
                        HASH_SESSION_KEY: person.get_session_auth_hash(),
                    }
                ),
                expire_date=until,
            )
            for person in self.people
        ]
        Session.objects.bulk_create(sessions)
        return [session.session_key for session in sessions]

    def fill_purses(self) -> None:
        """Everybody has an account, and the reader enough to give away."""
        with transaction.atomic(), limits.lifted():
            for person in self.friends:
                top_up(person=person, amount=1, key=uuid.uuid4().hex)
            for _ in range(20):
                top_up(person=self.reader, amount=settings.TOP_UP_MAX, key=uuid.uuid4().hex)

    def envelopes(self, count: int, shares: int) -> list[RedEnvelope]:
        """Red envelopes of the reader, in the group."""
        with transaction.atomic(), limits.lifted():
            sent = [
                chat.send_red_envelope(
                    sender=self.reader,
                    conversation=self.group,
                    kind=RedEnvelope.Kind.LUCKY,
                    amount=10_000,
                    shares=shares,
                    key=uuid.uuid4().hex,
                )
                for _ in range(count)
            ]
        return list(RedEnvelope.objects.filter(message__in=sent))
