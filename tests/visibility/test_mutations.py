"""The table can fail: with any one rule of sight lifted, walking it finds a leak."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import FriendshipQuerySet, FriendTagQuerySet, UserQuerySet
from bots.models.bot import BotQuerySet
from bots.models.webhook import WebhookQuerySet
from chat.models.admission import AdmissionQuerySet
from chat.models.conversation import ConversationQuerySet
from chat.models.edit import RecalledTextQuerySet
from chat.models.invite import InviteQuerySet
from chat.models.link_preview import LinkPreviewQuerySet
from chat.models.message import MessageQuerySet
from chat.models.record import RecordQuerySet
from chat.models.saved import SavedItemQuerySet
from chat.models.scheduled import ScheduledMessageQuerySet
from chat.models.todo import TodoQuerySet
from moments.models.comment import CommentQuerySet as MomentCommentQuerySet
from moments.models.like import LikeQuerySet
from moments.models.moment import MomentQuerySet
from notifications.models import NotificationQuerySet
from publicaccounts.models.account import PublicAccountQuerySet
from publicaccounts.models.article import ArticleQuerySet
from publicaccounts.models.comment import CommentQuerySet as ArticleCommentQuerySet
from uploads.models import UploadQuerySet
from wallet.models.books import EntryQuerySet
from wallet.models.red_envelope import RedEnvelopeQuerySet

from .matrix import Visitors, complaints
from .table import NOUNS
from .town import VIEWERS, Town

# Each rule with what it guards. A model whose lists and conversations ask by a faster wording of the same rule has each
# wording here.
RULES: list[tuple[Any, str, str]] = [
    (UserQuerySet, "visible_to", "profile"),
    (FriendTagQuerySet, "visible_to", "friend tag"),
    (FriendshipQuerySet, "visible_to", "remark"),
    (MomentQuerySet, "visible_to", "private moment"),
    (MomentCommentQuerySet, "known_to", "comment on a moment"),
    (LikeQuerySet, "known_to", "like of a moment"),
    (ConversationQuerySet, "for_member", "conversation"),
    (MessageQuerySet, "visible_to", "red envelope in a chat"),
    (MessageQuerySet, "seen_by", "message from before Carol came"),
    (MessageQuerySet, "visible_to", "poll"),
    (MessageQuerySet, "visible_to", "sign-up list"),
    (TodoQuerySet, "visible_to", "to-do of a group"),
    (RecalledTextQuerySet, "visible_to", "words just taken back"),
    (RecordQuerySet, "visible_to", "chat record"),
    (SavedItemQuerySet, "visible_to", "note to oneself"),
    (InviteQuerySet, "visible_to", "link into a group"),
    (InviteQuerySet, "open_to", "group behind a link"),
    (AdmissionQuerySet, "for_managers", "person who asks to join"),
    (AdmissionQuerySet, "invited", "group one is invited to"),
    (ConversationQuerySet, "requests_to", "message request"),
    (ScheduledMessageQuerySet, "visible_to", "scheduled message"),
    (RedEnvelopeQuerySet, "visible_to", "red envelope in the wallet"),
    (EntryQuerySet, "visible_to", "bill"),
    (NotificationQuerySet, "visible_to", "notification"),
    (UploadQuerySet, "visible_to", "upload"),
    (PublicAccountQuerySet, "visible_to", "closed public account"),
    (ArticleQuerySet, "visible_to", "draft"),
    (BotQuerySet, "visible_to", "bot of one's own"),
    (WebhookQuerySet, "visible_to", "webhook"),
    (LinkPreviewQuerySet, "visible_to", "what a link leads to"),
    (ArticleCommentQuerySet, "visible_to", "comment of one who blocks the reader"),
]
WITHOUT_OWNER = tuple(name for name in VIEWERS if name not in {"alice", "guest"})


@pytest.mark.covers("A14")
@pytest.mark.parametrize(("queryset", "rule", "name"), RULES, ids=lambda part: getattr(part, "__qualname__", part))
def test_a_lifted_rule_is_noticed(
    town: Town, monkeypatch: pytest.MonkeyPatch, queryset: Any, rule: str, name: str
) -> None:
    monkeypatch.setattr(queryset, rule, lambda rows, viewer: rows.all())

    found = list(complaints(town, Visitors(town), NOUNS[name], WITHOUT_OWNER))

    assert any(complaint.startswith("leak") for complaint in found), found
