from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from moments.models import Answered, Comment, Moment
from notifications.services import notify_many
from superapp.kernel import limits
from superapp.kernel.errors import Invalid, NotFound

from .loading import NotYours, locked_moment
from .posting import TextTooLong


class EmptyComment(Invalid):
    code = "empty_comment"
    sentence = _("Write something.")


class UnknownComment(Invalid):
    code = "unknown_comment"
    sentence = _("The comment you answer is not there any more.")


@transaction.atomic
def comment_on_moment(*, author: User, moment: Moment, text: str, reply_to: Comment | None = None) -> Comment:
    limits.count("comment", author.pk)
    text = text.strip()
    if not text:
        raise EmptyComment(errors={"text": EmptyComment.sentence})
    if len(text) > settings.MOMENT_COMMENT_LENGTH_MAX:
        raise TextTooLong(errors={"text": TextTooLong.sentence})
    moment = locked_moment(moment, author)
    if reply_to is not None:
        reply_to = Comment.objects.visible_to(author).filter(moment=moment, pk=reply_to.pk).first()
        if reply_to is None:
            raise UnknownComment(errors={"reply_to": UnknownComment.sentence})
    comment = Comment.objects.create(moment=moment, author=author, reply_to=reply_to, text=text)
    if reply_to is not None:
        up_the_line = {reply_to.author_id, *reply_to.answered.values_list("pk", flat=True)}
        Answered.objects.bulk_create(Answered(comment=comment, person_id=pk) for pk in sorted(up_the_line))
    _tell(comment)
    return comment


@transaction.atomic
def delete_comment(*, person: User, comment: Comment) -> None:
    """By the one who wrote it, or the one under whose moment it stands."""
    moment = locked_moment(comment.moment, person)
    found = Comment.objects.visible_to(person).filter(moment=moment, pk=comment.pk).first()
    if found is None:
        raise NotFound
    if not found.deletable_by(person):
        raise NotYours
    found.delete()


def _tell(comment: Comment) -> None:
    """The author of the moment always; whom it answers; and others who have commented and may see this comment,
    that is, friends of the one who wrote it. Each is told once."""
    owner = comment.moment.author_id
    answered = {comment.reply_to.author_id} if comment.reply_to else set()
    readers = set(comment.audience().values_list("pk", flat=True))
    commenters = set(Comment.objects.filter(moment=comment.moment).values_list("author", flat=True))
    told: dict[str, set[int]] = {
        "moment_commented": {owner},
        "moment_replied": answered - {owner},
        "moment_also_commented": commenters - answered - {owner},
    }
    for kind, people in told.items():
        notify_many(
            recipients=(people & readers) - {comment.author_id},
            kind=kind,
            actor=comment.author,
            target=comment,
            data={"moment": comment.moment_id, "text": comment.text[:80]},
        )
