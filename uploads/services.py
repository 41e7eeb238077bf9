from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from superapp.kernel import limits, outbox
from superapp.kernel.errors import Conflict, Invalid, NotFound
from superapp.kernel.images import Picture, PictureTooLarge, read_picture

from . import tasks
from .models import Upload, Variant, as_key

UNUSED_FOR = timedelta(hours=24)
PURGE_BATCH = 200


class UnknownUpload(Invalid):
    code = "unknown_upload"
    sentence = _("A photo is missing, or it has been used already. Please choose it again.")


class TooManyUploads(Invalid):
    code = "too_many_uploads"
    sentence = _("That is more photos than fit here.")


class QuotaExceeded(Conflict):
    code = "quota_exceeded"
    sentence = _("Your space for photos is used up. Delete some, or ask the people who run this place for more.")


class AltTooLong(Invalid):
    code = "alt_too_long"
    sentence = _("A description has at most 500 characters.")


def receive_upload(*, owner: User, file: UploadedFile, alt: str = "") -> Upload:
    """Take a picture in: the row first, so that a crash leaves nothing that the purge would not find.

    Not one transaction, because decoding is slow and nobody else should wait for it.
    """
    limits.count("upload", owner.pk)
    alt = _checked_alt(alt)
    if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
        raise PictureTooLarge
    upload = _reserve(owner=owner, expected=file.size or 0, alt=alt)
    try:
        _fill(upload, read_picture(file))
    except BaseException:
        discard_uploads(uploads=[upload])
        raise
    return upload


@transaction.atomic
def claim(*, owner: User, ids: Sequence[str], limit: int = 9) -> list[Upload]:
    """Attach own, ready, unused uploads to something, in the order given. An upload is attached once, ever."""
    if len(ids) > limit:
        raise TooManyUploads(errors={"uploads": TooManyUploads.sentence})
    wanted = [as_key(one) for one in ids]
    mine = Upload.objects.visible_to(owner).ready().unattached().among(ids).locked()
    found = {upload.pk: upload for upload in mine}
    if set(found) != set(wanted) or len(found) != len(wanted):
        raise UnknownUpload(errors={"uploads": UnknownUpload.sentence})
    attached_at = now()
    Upload.objects.filter(pk__in=found).update(attached_at=attached_at)
    for upload in found.values():
        upload.attached_at = attached_at
    return [found[key] for key in wanted if key]


@transaction.atomic
def change_alt(*, owner: User, upload: Upload, alt: str) -> Upload:
    if upload.owner_id != owner.pk:
        raise NotFound
    upload.alt = _checked_alt(alt)
    upload.save(update_fields=["alt"])
    return upload


@transaction.atomic
def discard_uploads(*, uploads: Iterable[Upload]) -> None:
    """Forget uploads; their files go after the commit."""
    keys = [upload.pk for upload in uploads]
    if keys:
        Upload.objects.filter(pk__in=keys).delete()
        outbox.enqueue(tasks.remove_files, uploads=[str(key) for key in keys])


@transaction.atomic
def purge_unused() -> int:
    """Forget what nobody has used within a day; how many. At most a batch, so that others get their turn."""
    stale = Upload.objects.unattached().made_before(now() - UNUSED_FOR).locked()[:PURGE_BATCH]
    uploads = list(stale)
    discard_uploads(uploads=uploads)
    return len(uploads)


def remove_files(upload: Upload) -> None:
    for variant in Variant:
        default_storage.delete(upload.file_name(variant))


@transaction.atomic
def _reserve(*, owner: User, expected: int, alt: str) -> Upload:
    """A row that counts against the quota before the work begins; the owner's lock keeps parallel uploads honest."""
    User.objects.filter(pk=owner.pk).locked().get()
    mine = Upload.objects.filter(owner=owner)
    if mine.total_bytes() + expected > settings.UPLOAD_QUOTA_BYTES:
        raise QuotaExceeded
    if mine.unattached().count() >= settings.UPLOADS_UNUSED_MAX:
        raise QuotaExceeded(_("You have many photos that you have not used yet. They are cleared within a day."))
    return Upload.objects.create(owner=owner, alt=alt, bytes=expected)


def _fill(upload: Upload, picture: Picture) -> None:
    size = 0
    for variant in Variant:
        content = picture.variant(variant.max_edge)
        size += len(content)
        default_storage.save(upload.file_name(variant), ContentFile(content))
    upload.width, upload.height = picture.size
    upload.blurhash = picture.blurhash()
    upload.bytes = size
    upload.state = Upload.State.READY
    upload.save(update_fields=["width", "height", "blurhash", "bytes", "state"])


def _checked_alt(alt: str) -> str:
    alt = alt.strip()
    if len(alt) > 500:
        raise AltTooLong(errors={"alt": AltTooLong.sentence})
    return alt
