"""Conversations, members and messages in JSON, as one reader sees them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api_fields import PersonSerializer
from uploads.api_fields import UploadSerializer
from wallet.models import RedEnvelope

from . import events
from .group_fields import RulesSerializer
from .models import Conversation, Member, Message, Record
from .models.reaction import own_reactions_of
from .own_parts import attach_own_parts
from .system_lines import system_sentence


class ReplySerializer(serializers.Serializer[Any]):
    """The message that is answered. Its content is null when it was said before the reader joined."""

    id = serializers.CharField()
    seq = serializers.IntegerField()
    sender = PersonSerializer(allow_null=True)
    kind = serializers.CharField(allow_null=True)
    text = serializers.CharField(allow_null=True)


class CardSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    image = serializers.CharField(help_text="A path, or empty.")
    url = serializers.CharField(help_text="A path.")


class PlaceSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=100, required=False, default="", allow_blank=True)
    address = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    latitude = serializers.FloatField(min_value=-90, max_value=90)
    longitude = serializers.FloatField(min_value=-180, max_value=180)


class StickerInMessageSerializer(serializers.Serializer[Any]):
    sticker = serializers.CharField(help_text="Its id.")
    image = serializers.CharField(help_text="A path.")
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class EnvelopeInMessageSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=RedEnvelope.Kind.choices)
    greeting = serializers.CharField()
    shares = serializers.IntegerField()
    state = serializers.ChoiceField(choices=RedEnvelope.State.choices)


class LinkPreviewSerializer(serializers.Serializer[Any]):
    """What the first link of a message leads to. It comes as a change of the message, a moment after it."""

    url = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    site_name = serializers.CharField()
    image = serializers.CharField(allow_null=True, help_text="A path on this site, never the page's own address.")
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class ReactedSerializer(serializers.Serializer[Any]):
    """One emoji under a message."""

    emoji = serializers.CharField()
    count = serializers.IntegerField()
    people = serializers.ListField(child=serializers.CharField(), help_text="Handles of the first who chose it.")
    mine = serializers.BooleanField(help_text="The caller has chosen it. Not in live events.")


class RecordLineSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.CharField()
    text = serializers.CharField()


class RecordInMessageSerializer(serializers.Serializer[Any]):
    """The head of a chat record. All of it is at `…/record/`."""

    of_group = serializers.BooleanField()
    names = serializers.ListField(child=serializers.CharField())
    count = serializers.IntegerField()
    lines = RecordLineSerializer(many=True)


class EventSerializer(serializers.Serializer[Any]):
    """Of a system line: what happened, for programs. `text` says it in words."""

    event = serializers.CharField()
    actor = serializers.CharField(help_text="A handle.")
    people = serializers.ListField(child=serializers.CharField(), help_text="Handles.")
    names = serializers.DictField(child=serializers.CharField(), help_text="What they were called then, by handle.")
    count = serializers.IntegerField(required=False, help_text="How many people, where not all of them are named.")
    title = serializers.CharField(required=False)


class MentionSerializer(serializers.Serializer[Any]):
    handle = serializers.CharField()
    name = serializers.CharField(help_text="What the person was called in the group then.")


class PollOptionSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    text = serializers.CharField()
    votes = serializers.IntegerField()


class PollSerializer(serializers.Serializer[Any]):
    """A poll as all see it. Its numbers follow the votes within a second."""

    question = serializers.CharField()
    options = PollOptionSerializer(many=True)
    multiple = serializers.BooleanField()
    anonymous = serializers.BooleanField()
    voters = serializers.IntegerField(help_text="How many people have voted.")
    closes_at = serializers.DateTimeField(allow_null=True)
    closed = serializers.BooleanField()
    mine = serializers.ListField(
        child=serializers.IntegerField(), help_text="Numbers of the options that the caller has chosen."
    )


class SignUpLineSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    handle = serializers.CharField()
    name = serializers.CharField()
    text = serializers.CharField()


class SignUpListSerializer(serializers.Serializer[Any]):
    """A list that members put themselves on, with its latest lines. All of them are at `…/entries/`."""

    title = serializers.CharField()
    description = serializers.CharField()
    example = serializers.CharField()
    count = serializers.IntegerField()
    entries = SignUpLineSerializer(many=True)
    closed = serializers.BooleanField()
    mine = serializers.CharField(allow_null=True, help_text="The caller's own line; null without one.")


class MessageSerializer(serializers.Serializer[Message]):
    """A message as the caller sees it. Context: `request`, and `member`, the caller's place in the conversation."""

    id = serializers.CharField()
    conversation = serializers.CharField()
    seq = serializers.IntegerField(help_text="Its number in the conversation, for good.")
    changed_seq = serializers.IntegerField(help_text="The number of its last change.")
    sender = PersonSerializer(allow_null=True)
    client_id = serializers.UUIDField(allow_null=True)
    kind = serializers.ChoiceField(choices=Message.Kind.choices)
    text = serializers.CharField()
    uploads = UploadSerializer(many=True)
    reply_to = ReplySerializer(allow_null=True)
    card = CardSerializer(allow_null=True)
    place = PlaceSerializer(allow_null=True)
    sticker = StickerInMessageSerializer(allow_null=True)
    heard = serializers.BooleanField(
        allow_null=True,
        help_text="Of a voice message of somebody else: has the caller listened to it? Not in live events.",
    )
    red_envelope = EnvelopeInMessageSerializer(allow_null=True)
    preview = LinkPreviewSerializer(allow_null=True)
    event = EventSerializer(allow_null=True)
    poll = PollSerializer(allow_null=True)
    list = SignUpListSerializer(allow_null=True)
    mentions = MentionSerializer(many=True, help_text="Members whom it names. In the text they are `@handle`.")
    mentions_all = serializers.BooleanField(help_text="It calls everybody.")
    silent = serializers.BooleanField(help_text="It arrives without a notification.")
    forwarded = serializers.BooleanField(help_text="It was first said elsewhere.")
    record = RecordInMessageSerializer(allow_null=True)
    reactions = ReactedSerializer(many=True)
    edited_at = serializers.DateTimeField(allow_null=True)
    recalled_at = serializers.DateTimeField(allow_null=True, help_text="Taken back: nothing of it is left.")
    recalled_by = serializers.CharField(
        allow_null=True, help_text="A handle: its sender's, or of who manages the group."
    )
    created_at = serializers.DateTimeField()

    def to_representation(self, message: Message) -> dict[str, Any]:
        """Built from what the socket sends, without field by field serializing: this is a hot path."""
        shown = events.message_json(message)
        shown["heard"] = None
        if message.kind == Message.Kind.VOICE and message.sender_id != self.context["request"].user.pk:
            shown["heard"] = self._own_part(message) is True
        if message.kind in events.WITH_UPLOADS:
            shown["uploads"] = UploadSerializer(message.uploads, many=True, context=self.context).data
        if message.reply_to is not None:
            quote = message.quote_for(self.context["member"])
            shown["reply_to"] |= {
                "sender": events.person_json(quote.sender) if quote and quote.sender else None,
                "kind": quote.kind if quote else None,
                "text": quote.text if quote else None,
            }
        if message.kind in {Message.Kind.POLL, Message.Kind.LIST} and not message.recalled_at:
            shown[message.kind] = {**message.payload, "mine": self._own_part(message)}
        if message.reaction_count:
            own = own_reactions_of(message, self.context["request"].user.pk)
            shown["reactions"] = [one | {"mine": one["emoji"] in own} for one in shown["reactions"]]
        if message.is_system:
            shown["text"] = system_sentence(message)
        return shown

    def _own_part(self, message: Message) -> Any:
        """Of a poll or a list, what the caller has put into it. Pages of messages ask once for all of them."""
        if not hasattr(message, "own_part"):
            attach_own_parts([message], self.context["request"].user)
        return message.own_part  # type: ignore[attr-defined]


class MemberSerializer(serializers.Serializer[Member]):
    person = PersonSerializer()
    role = serializers.ChoiceField(choices=Member.Role.choices)
    nickname = serializers.CharField()
    joined_at = serializers.DateTimeField()
    left = serializers.BooleanField(help_text="True in what sync answers about somebody who is not in it any more.")
    changed_seq = serializers.IntegerField()

    def to_representation(self, member: Member) -> dict[str, Any]:
        return events.member_json(member)


class DraftSerializer(serializers.Serializer[Any]):
    """What the caller has begun to write, on whatever device."""

    text = serializers.CharField()
    reply_to = serializers.CharField(allow_null=True, help_text="The id of the message it answers.")
    written_at = serializers.DateTimeField(allow_null=True)


class ReadMarkSerializer(serializers.Serializer[Any]):
    """Up to where somebody has read."""

    person = PersonSerializer()
    seq = serializers.IntegerField()


class ConversationSerializer(serializers.Serializer[Conversation]):
    """A conversation with the caller's own settings. Load it with `with_list_facts` and `attach_list_facts`."""

    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=Conversation.Kind.choices)
    title = serializers.CharField(help_text="As the group has been named. Often empty.")
    name = serializers.CharField(help_text="What to call it: the friend's remark name, the title, or the members.")
    announcement = serializers.CharField()
    announced_at = serializers.DateTimeField(allow_null=True)
    announcement_read = serializers.BooleanField(help_text="The caller has put it away.")
    picture = serializers.CharField(allow_null=True, help_text="A path; null where the members' faces stand for it.")
    rules = RulesSerializer(help_text="Of a group.")
    dissolved_at = serializers.DateTimeField(allow_null=True)
    request = serializers.ChoiceField(
        choices=[("sent", "sent"), ("received", "received")],
        allow_null=True,
        help_text="A stranger asks to be heard: the caller (sent), or the other one (received).",
    )
    person = PersonSerializer(allow_null=True, help_text="In a direct conversation, the other one.")
    faces = PersonSerializer(many=True, help_text="The first members, for a picture.")
    member_count = serializers.IntegerField()
    head = serializers.IntegerField(help_text="The number of its latest change.")
    kept_days = serializers.IntegerField(allow_null=True, help_text="How many days messages are kept. Null: for good.")
    changed_seq = serializers.IntegerField(help_text="The number of the last change of title or announcement.")
    open_todos = serializers.IntegerField(help_text="How many to-dos of the group are not finished.")
    unread = serializers.IntegerField(help_text="Of others, no system lines. Counted among the latest 999 numbers.")
    read_seq = serializers.IntegerField()
    joined_seq = serializers.IntegerField(help_text="The first number the caller may see.")
    role = serializers.ChoiceField(choices=Member.Role.choices)
    muted = serializers.BooleanField()
    muted_until = serializers.DateTimeField(allow_null=True, help_text="Null while muted: until it is taken back.")
    pinned = serializers.BooleanField()
    folded = serializers.BooleanField(help_text="Put away behind one row of the list.")
    hidden = serializers.BooleanField(help_text="Out of the list until something new is said.")
    marked_unread = serializers.BooleanField()
    mentioned = serializers.BooleanField(help_text="Something unread names the caller.")
    draft = DraftSerializer(allow_null=True)
    nickname = serializers.CharField(help_text="The caller's own name in this group.")
    last_message = MessageSerializer(allow_null=True)
    active_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()

    def to_representation(self, conversation: Any) -> dict[str, Any]:
        viewer = self.context["request"].user
        other = conversation.other(viewer)
        own = ["unread", "read_seq", "joined_seq", "role", "nickname"]
        own += ["muted", "pinned", "folded", "hidden", "marked_unread"]
        last = conversation.last_message
        context = {**self.context, "member": Member(conversation=conversation, joined_seq=conversation.joined_seq)}
        return {
            "id": str(conversation.pk),
            "kind": conversation.kind,
            "title": conversation.title,
            "name": conversation.title_for(viewer),
            "announcement": conversation.announcement,
            "announced_at": events.time_json(conversation.announced_at),
            "announcement_read": conversation.announcement_seq >= conversation.announced_seq,
            "picture": conversation.avatar_url,
            "rules": events.rules_json(conversation),
            "dissolved_at": events.time_json(conversation.dissolved_at),
            "request": _request_of(conversation, viewer),
            "person": events.person_json(other) if other else None,
            "faces": [events.person_json(person) for person in conversation.faces],
            "member_count": conversation.member_count,
            "head": conversation.head,
            "kept_days": conversation.days_kept,
            "changed_seq": conversation.changed_seq,
            "open_todos": conversation.open_todos,
            **{name: getattr(conversation, name) for name in own},
            "muted_until": events.time_json(conversation.muted_until) if conversation.muted else None,
            "mentioned": conversation.mentioned_seq > conversation.read_seq,
            "draft": events.draft_json(conversation) if conversation.draft else None,
            "last_message": MessageSerializer(last, context=context).data if last else None,
            "active_at": events.time_json(conversation.active_at),
            "created_at": events.time_json(conversation.created_at),
        }


def _request_of(conversation: Conversation, viewer: Any) -> str | None:
    if not conversation.is_request:
        return None
    return "received" if conversation.awaits(viewer) else "sent"


class SyncSerializer(serializers.Serializer[Any]):
    """What has changed after `since`. Applying it twice changes nothing."""

    head = serializers.IntegerField()
    until = serializers.IntegerField(help_text="Everything up to this number is here: the next `since`.")
    has_more = serializers.BooleanField()
    messages = MessageSerializer(many=True)
    members = MemberSerializer(many=True)
    conversation = ConversationSerializer(allow_null=True, help_text="When its title or announcement has changed.")


class EarlierVersionSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    written_at = serializers.DateTimeField()


class RecalledTextSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    expires_at = serializers.DateTimeField()


class ReactionSerializer(serializers.Serializer[Any]):
    emoji = serializers.CharField()
    person = PersonSerializer(source="user")
    created_at = serializers.DateTimeField()


class RecordItemSerializer(serializers.Serializer[Any]):
    """What was said. `files` are places in `uploads`; `within` is what a record within the record says."""

    name = serializers.CharField()
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=Message.Kind.choices)
    text = serializers.CharField()
    payload = serializers.DictField(required=False, help_text="Of a card or a place: what it is made of.")
    files = serializers.ListField(child=serializers.IntegerField(), required=False)
    within = serializers.ListField(child=serializers.DictField(), required=False)

    def to_representation(self, item: dict[str, Any]) -> dict[str, Any]:
        return item


class RecordSerializer(serializers.Serializer[Record]):
    head = RecordInMessageSerializer(source="message.payload")
    items = RecordItemSerializer(many=True)
    uploads = UploadSerializer(many=True)


class OriginalSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    conversation = serializers.CharField(source="conversation_id")
    seq = serializers.IntegerField()


class SavedItemSerializer(serializers.Serializer[Any]):
    """A message as it was when the caller kept it."""

    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=Message.Kind.choices)
    text = serializers.CharField()
    payload = serializers.DictField(help_text="Of a card, a place or a record: what it is made of.")
    items = RecordItemSerializer(many=True, help_text="Of a record.")
    uploads = UploadSerializer(many=True)
    sender_name = serializers.CharField()
    source_name = serializers.CharField(help_text="What the caller called the conversation.")
    original = serializers.SerializerMethodField(help_text="Null where the caller cannot read it any more.")
    said_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()

    @extend_schema_field(OriginalSerializer(allow_null=True))
    def get_original(self, item: Any) -> dict[str, Any] | None:
        return OriginalSerializer(item.message).data if item.is_there else None
