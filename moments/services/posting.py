from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from moments.models import Moment, MomentPhoto
from superapp.kernel import limits
from superapp.kernel.errors import Invalid
from uploads.models import Upload
from uploads.services import claim, discard_uploads

from .loading import own_moment


class EmptyMoment(Invalid):
    code = "empty_moment"
    sentence = _("Write something, or choose a photo.")


class TextTooLong(Invalid):
    code = "text_too_long"
    sentence = _("The text is too long.")


class UnknownAudience(Invalid):
    code = "unknown_audience"
    sentence = _("A moment is for all friends, or for oneself.")


@transaction.atomic
def post_moment(
    *, author: User, text: str = "", upload_ids: Sequence[str] = (), audience: str = Moment.Audience.FRIENDS
) -> Moment:
    limits.count("moment", author.pk)
    text = text.strip()
    if not text and not upload_ids:
        raise EmptyMoment(errors={"text": EmptyMoment.sentence})
    if len(text) > settings.MOMENT_LENGTH_MAX:
        raise TextTooLong(errors={"text": TextTooLong.sentence})
    uploads = claim(owner=author, ids=upload_ids, limit=settings.MOMENT_PHOTOS_MAX)
    moment = Moment.objects.create(author=author, text=text, audience_mode=_checked_audience(audience))
    MomentPhoto.objects.bulk_create(
        MomentPhoto(moment=moment, upload=upload, position=position) for position, upload in enumerate(uploads)
    )
    return moment


@transaction.atomic
def change_audience(*, author: User, moment: Moment, audience: str) -> Moment:
    moment = own_moment(moment, author)
    moment.audience_mode = _checked_audience(audience)
    moment.save(update_fields=["audience_mode"])
    return moment


@transaction.atomic
def delete_moment(*, author: User, moment: Moment) -> None:
    """The moment goes with all that hangs on it; its photos' files follow after the commit."""
    moment = own_moment(moment, author)
    uploads = list(Upload.objects.filter(pk__in=moment.photos.values("upload")))
    moment.delete()
    discard_uploads(uploads=uploads)


def _checked_audience(audience: str) -> str:
    if audience not in Moment.Audience.values:
        raise UnknownAudience(errors={"audience": UnknownAudience.sentence})
    return audience
