from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.text import Truncator
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import clean_line
from accounts.services.checking import check_fields
from publicaccounts import rich_text, tasks
from publicaccounts.models import Article, Broadcast, Follow, PublicAccount
from superapp.kernel import limits, outbox
from superapp.kernel.errors import Forbidden, Invalid, NotFound
from uploads.services import claim, discard_uploads

from .accounts import own_account


class NotYourArticle(Forbidden):
    code = "not_your_article"
    sentence = _("Only the person who runs this public account may do this.")


class ArticleTooLong(Invalid):
    code = "article_too_long"
    sentence = _("This article is too long.")


class NothingToPublish(Invalid):
    code = "nothing_to_publish"
    sentence = _("An article needs a title and some text before it can be published.")


def write_article(
    *, author: User, account: PublicAccount, title: str = "", body: str = "", digest: str = "", cover: str | None = None
) -> Article:
    """A draft, which nobody else sees. `cover` is the id of an upload of the author's."""
    limits.count("article", author.pk)
    with transaction.atomic():
        article = Article(account=own_account(author, account), author=author)
        _fill(article, author, title=title, body=body, digest=digest, cover=cover)
        article.save()
    return article


@transaction.atomic
def edit_article(
    *,
    author: User,
    article: Article,
    title: str | None = None,
    body: str | None = None,
    digest: str | None = None,
    cover: str | None = None,
) -> Article:
    """Changes what is given and leaves the rest. An empty `cover` takes the picture away."""
    current = own_article(author, article)
    _fill(current, author, title=title, body=body, digest=digest, cover=cover)
    if current.is_published:
        _check_publishable(current)
        current.edited_at = now()
    current.save()
    return current


@transaction.atomic
def publish_article(*, author: User, article: Article, broadcast: bool = True) -> Article:
    """Out it goes, and with `broadcast` the followers of this moment are told. Once: a second call changes nothing."""
    current = own_article(author, article)
    if current.is_published:
        return current
    _check_publishable(current)
    current.state = Article.State.PUBLISHED
    current.published_at = now()
    current.save(update_fields=["state", "published_at"])
    last = Follow.objects.filter(account=current.account).order_by("-pk").first()
    if broadcast and last:
        owed = Broadcast.objects.create(article=current, through=last.pk)
        outbox.enqueue(tasks.tell_followers, broadcast_id=owed.pk)
    return current


@transaction.atomic
def delete_article(*, author: User, article: Article) -> None:
    """Gone for everybody, with its comments; those who were told of it no longer are."""
    current = own_article(author, article)
    _let_go_of_cover(current)
    current.delete()


def own_article(author: User, article: Article) -> Article:
    """The article as it is now, held, for the one who runs its account."""
    current = Article.objects.visible_to(author).select_related("account").filter(pk=article.pk).locked().first()
    if current is None:
        raise NotFound
    if not current.account.run_by(author):
        raise NotYourArticle
    return current


def _fill(
    article: Article, author: User, *, title: str | None, body: str | None, digest: str | None, cover: str | None
) -> None:
    if title is not None:
        article.title = clean_line(title)
    if digest is not None:
        article.digest = clean_line(digest)
    if body is not None:
        article.body_html = _checked(body)
        article.excerpt = Truncator(rich_text.plain(article.body_html)).chars(150)
    check_fields(article, ["title", "digest"])
    if cover is not None and cover != str(article.cover_id):
        _let_go_of_cover(article)
        article.cover = claim(owner=author, ids=[cover], limit=1)[0] if cover else None


def _checked(body: str) -> str:
    longest = settings.ARTICLE_LENGTH_MAX
    cleaned = rich_text.clean(body) if len(body) <= longest else body
    if len(cleaned) > longest:
        raise ArticleTooLong(errors={"body": ArticleTooLong.sentence})
    return cleaned


def _check_publishable(article: Article) -> None:
    missing = {}
    if not article.title:
        missing["title"] = NothingToPublish.sentence
    if not rich_text.plain(article.body_html):
        missing["body"] = NothingToPublish.sentence
    if missing:
        raise NothingToPublish(errors=missing)


def _let_go_of_cover(article: Article) -> None:
    if article.cover is not None:
        discard_uploads(uploads=[article.cover])
