from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notifications import services as notifications
from publicaccounts.models import Article, Comment
from superapp.kernel import limits
from superapp.kernel.errors import Forbidden, Invalid, NotFound

from .follows import NotWelcome


class EmptyComment(Invalid):
    code = "empty_comment"
    sentence = _("Write something first.")


class CommentTooLong(Invalid):
    code = "comment_too_long"
    sentence = _("This comment is too long.")


class NotPublished(Invalid):
    code = "not_published"
    sentence = _("Comments begin when the article is published.")


class UnknownComment(Invalid):
    code = "unknown_comment"
    sentence = _("The comment you answer is no longer there.")


class NotYourComment(Forbidden):
    code = "not_your_comment"
    sentence = _("Only its author and the public account may delete a comment.")


def comment_on_article(*, author: User, article: Article, text: str, reply_to: int | None = None) -> Comment:
    """Say something that every reader of the article sees. `reply_to` is the id of a comment on the same article."""
    text = "\n".join(line.rstrip() for line in text.replace("\x00", "").splitlines()).strip()
    if not text:
        raise EmptyComment(errors={"text": EmptyComment.sentence})
    if len(text) > settings.ARTICLE_COMMENT_LENGTH_MAX:
        raise CommentTooLong(errors={"text": CommentTooLong.sentence})
    limits.count("comment", author.pk)
    with transaction.atomic():
        return _add_comment(author, article, text, reply_to)


def _add_comment(author: User, article: Article, text: str, reply_to: int | None) -> Comment:
    current = (
        Article.objects.visible_to(author)
        .select_related("account__owner")
        .filter(pk=article.pk)
        .locked()  # so that it is not deleted meanwhile
        .first()
    )
    if current is None:
        raise NotFound
    if not current.is_published:
        raise NotPublished
    if not current.commentable_by(author):
        raise NotWelcome
    answered = None
    if reply_to is not None:
        answered = current.comments.visible_to(author).select_related("author").filter(pk=reply_to).first()
        if answered is None:
            raise UnknownComment(errors={"reply_to": UnknownComment.sentence})
    comment = Comment.objects.create(article=current, author=author, text=text, reply_to=answered)
    _tell(comment, answered)
    return comment


@transaction.atomic
def delete_comment(*, actor: User, comment: Comment) -> None:
    current = Comment.objects.visible_to(actor).select_related("article__account").filter(pk=comment.pk).first()
    if current is None:
        raise NotFound
    if not current.deletable_by(actor):
        raise NotYourComment
    current.delete()


def _tell(comment: Comment, answered: Comment | None) -> None:
    data = {"title": comment.article.title, "text": comment.text[:100]}
    owner = comment.article.account.owner
    if answered is not None and answered.author_id != owner.pk:
        notifications.notify(
            recipient=answered.author, kind="article_reply", actor=comment.author, target=comment, data=data
        )
    notifications.notify(recipient=owner, kind="article_comment", actor=comment.author, target=comment, data=data)
