from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.template.defaultfilters import filesizeformat
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import clean_line
from superapp.kernel import limits, outbox
from superapp.kernel.errors import Conflict, Invalid, NotFound
from superapp.kernel.images import PictureTooLarge, read_picture

from . import sniffing, tasks
from .converting import (
    convert_upload,
    forget_failed_sources,
    owe_conversion,
    retry_upload,
    store,
    store_pictures,
)
from .models import NAME_LENGTH_MAX, Form, Upload, Variant, as_key

__all__ = [
    "change_alt",
    "claim",
    "convert_upload",
    "discard_uploads",
    "forget_failed_sources",
    "purge_unused",
    "receive_file",
    "receive_upload",
    "remove_files",
    "retry_upload",
]

UNUSED_FOR = timedelta(hours=24)
PURGE_BATCH = 200


class UnknownUpload(Invalid):
    code = "unknown_upload"
    sentence = _("A file is missing, or it has been used already. Please choose it again.")


class TooManyUploads(Invalid):
    code = "too_many_uploads"
    sentence = _("That is more than fits here.")


class QuotaExceeded(Conflict):
    code = "quota_exceeded"
    sentence = _("Your space for files is used up. Delete some, or ask the people who run this place for more.")


class AltTooLong(Invalid):
    code = "alt_too_long"
    sentence = _("A description has at most 500 characters.")


class FileTooLarge(Invalid):
    code = "file_too_large"
    sentence = _("This file is too large. It may have %(max)s at most.")
    status = 413


class UnknownUploadKind(Invalid):
    code = "unknown_kind"
    sentence = _("There is no such kind of file.")


def receive_file(*, owner: User, file: UploadedFile, kind: str = "", alt: str = "") -> Upload:
    """Take in anything: a picture, a video, a voice message, or a file that is kept as it is.

    Without a `kind` its content decides; what calls itself a picture has to be one. A video or a voice message is
    `processing` until it has been converted, and may be sent meanwhile.
    """
    if kind not in {"", *Upload.Kind.values}:
        raise UnknownUploadKind(errors={"kind": UnknownUploadKind.sentence})
    kind = kind or _kind_of(file)
    if kind == Upload.Kind.IMAGE:
        return receive_upload(owner=owner, file=file, alt=alt)
    limits.count("upload", owner.pk)
    alt = _checked_alt(alt)
    size = file.size or 0
    if size > settings.UPLOAD_FILE_MAX_BYTES:
        raise FileTooLarge(FileTooLarge.sentence % {"max": filesizeformat(settings.UPLOAD_FILE_MAX_BYTES)})
    upload = _reserve(owner=owner, expected=size, alt=alt, kind=kind, name=clean_name(file.name or ""))
    try:
        store(upload, Form.FILE if kind == Upload.Kind.FILE else Form.SOURCE, file)
        _hand_on(upload)
    except BaseException:
        discard_uploads(uploads=[upload])
        raise
    return upload


def _kind_of(file: UploadedFile) -> str:
    file.seek(0)
    head = file.read(sniffing.HEAD)
    file.seek(0)
    if sniffing.is_picture(head) or (file.content_type or "").startswith("image/"):
        return Upload.Kind.IMAGE
    return Upload.Kind.VIDEO if sniffing.is_video(head) else Upload.Kind.FILE


@transaction.atomic
def _hand_on(upload: Upload) -> None:
    """A file is ready as it is; the rest is owed a conversion."""
    if upload.kind == Upload.Kind.FILE:
        upload.state = Upload.State.READY
        upload.save(update_fields=["state"])
    else:
        owe_conversion(upload)


def clean_name(name: str) -> str:
    """A name for people to read, in one line, without a path and without marks that turn its letters round."""
    name = clean_line(name.replace("\\", "/").rpartition("/")[2])
    stem, dot, ending = name.rpartition(".")
    if len(name) > NAME_LENGTH_MAX and dot and len(ending) <= 20:
        return f"{stem[: NAME_LENGTH_MAX - len(ending) - 1]}.{ending}"
    return name[:NAME_LENGTH_MAX]


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
        _fill(upload, file)
    except BaseException:
        discard_uploads(uploads=[upload])
        raise
    return upload


@transaction.atomic
def claim(
    *, owner: User, ids: Sequence[str], limit: int = 9, kinds: Collection[str] = (Upload.Kind.IMAGE,)
) -> list[Upload]:
    """Attach own, unused uploads of these kinds to something, in the order given. An upload is attached once, ever.
    A picture is ready; a video or a voice message may still be on its way."""
    if len(ids) > limit:
        raise TooManyUploads(errors={"uploads": TooManyUploads.sentence})
    wanted = [as_key(one) for one in ids]
    mine = Upload.objects.visible_to(owner).of_kinds(kinds).unattached().among(ids)
    mine = (mine.ready() if set(kinds) == {Upload.Kind.IMAGE} else mine.usable()).locked()
    found = {upload.pk: upload for upload in mine}
    if set(found) != set(wanted) or len(found) != len(wanted):
        raise UnknownUpload(errors={"uploads": UnknownUpload.sentence})
    attached_at = now()
    Upload.objects.filter(pk__in=list(found)).update(attached_at=attached_at)
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
def carry_again(*, ids: Sequence[UUID]) -> list[Upload]:
    """Hold uploads that one more thing is about to carry, until it does: nobody discards them meanwhile. The caller has
    found something that carries them to be visible to whom it acts for."""
    if not ids:
        return []
    held = {upload.pk: upload for upload in Upload.objects.filter(pk__in=ids).exclude(attached_at=None).locked()}
    if len(held) != len(set(ids)):
        raise UnknownUpload
    return [held[key] for key in ids]


@transaction.atomic
def discard_uncarried(*, ids: Iterable[UUID]) -> None:
    """Forget those that nothing carries any more. What carries an upload protects it from being deleted."""
    held = list(Upload.objects.filter(pk__in=set(ids)).locked())
    for relation in Upload._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.on_delete is models.PROTECT:
            field = relation.field.name
            rows = relation.related_model._default_manager.filter(**{f"{field}__in": held})
            carried = set(rows.values_list(field, flat=True))
            held = [upload for upload in held if upload.pk not in carried]
    discard_uploads(uploads=held)


@transaction.atomic
def purge_unused() -> int:
    """Forget what nobody has used within a day; how many. At most a batch, so that others get their turn."""
    stale = Upload.objects.unattached().made_before(now() - UNUSED_FOR).locked()[:PURGE_BATCH]
    uploads = list(stale)
    discard_uploads(uploads=uploads)
    return len(uploads)


def remove_files(upload: Upload) -> None:
    for form in [*(f"{variant}.webp" for variant in Variant), *Form]:
        default_storage.delete(upload.stored_name(form))


@transaction.atomic
def _reserve(*, owner: User, expected: int, alt: str, kind: str = Upload.Kind.IMAGE, name: str = "") -> Upload:
    """A row that counts against the quota before the work begins; the owner's lock keeps parallel uploads honest."""
    User.objects.filter(pk=owner.pk).locked().get()
    mine = Upload.objects.filter(owner=owner)
    if mine.total_bytes() + expected > settings.UPLOAD_QUOTA_BYTES:
        raise QuotaExceeded
    if mine.unattached().count() >= settings.UPLOADS_UNUSED_MAX:
        raise QuotaExceeded(_("You have many files that you have not used yet. They are cleared within a day."))
    return Upload.objects.create(owner=owner, alt=alt, bytes=expected, kind=kind, name=name)


def _fill(upload: Upload, file: UploadedFile) -> None:
    upload.bytes = store_pictures(upload, read_picture(file))
    upload.state = Upload.State.READY
    upload.save(update_fields=["width", "height", "blurhash", "bytes", "state"])


def _checked_alt(alt: str) -> str:
    alt = alt.strip()
    if len(alt) > 500:
        raise AltTooLong(errors={"alt": AltTooLong.sentence})
    return alt
