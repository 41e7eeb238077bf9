"""Videos and voice messages: received as they are, converted outside the request, kept in the form that is played."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from superapp.kernel import outbox
from superapp.kernel.errors import Conflict, NotFound
from superapp.kernel.images import Picture, read_picture

from . import events, media, tasks
from .models import Form, Upload, Variant

SOURCE_KEPT = timedelta(hours=24)  # of what could not be converted, so that it can be tried again


class NotFailed(Conflict):
    code = "not_failed"
    sentence = _("There is nothing to try again: it has not failed, or it is gone. Please send it again.")


def store(upload: Upload, form: str, content: File[bytes] | ContentFile[bytes]) -> int:
    """Under its one name, whatever an earlier try left there."""
    default_storage.save(upload.stored_name(form), content)
    return content.size or 0


def store_pictures(upload: Upload, picture: Picture) -> int:
    """Every size of a picture; how many bytes they take."""
    size = 0
    for variant in Variant:
        size += store(upload, f"{variant}.webp", ContentFile(picture.variant(variant.max_edge)))
    upload.width, upload.height = picture.size
    upload.blurhash = picture.blurhash()
    return size


def convert_upload(upload_id: uuid.UUID) -> None:
    """Not one transaction: it takes long, and nobody should wait for it. Done twice, it makes the same again."""
    upload = Upload.objects.processing().filter(pk=upload_id).first()
    if upload is None or not default_storage.exists(upload.stored_name(Form.SOURCE)):
        return
    with tempfile.TemporaryDirectory(prefix="superapp-") as place:
        folder = Path(place)
        with default_storage.open(upload.stored_name(Form.SOURCE)) as kept, (folder / "source").open("wb") as copy:
            shutil.copyfileobj(kept, copy, 1024 * 1024)
        answer = media.convert(upload.kind, folder / "source", folder)
        if "failure" not in answer:
            _keep(upload, folder, answer)
    if _settle(upload, answer.get("failure", "")) and not upload.has_failed:
        default_storage.delete(upload.stored_name(Form.SOURCE))


def _keep(upload: Upload, folder: Path, answer: dict[str, Any]) -> None:
    form = str(upload.form)
    with (folder / form).open("rb") as made:
        upload.bytes = store(upload, form, File(made))
    if upload.kind == Upload.Kind.VIDEO:
        with (folder / "poster.png").open("rb") as poster:
            upload.bytes += store_pictures(upload, read_picture(poster))
    upload.duration = round(answer["duration"], 2)
    upload.peaks = answer.get("peaks", [])


@transaction.atomic
def _settle(upload: Upload, failure: str) -> bool:
    """Ready, or failed with a reason; whether there was still somebody to tell."""
    if not Upload.objects.processing().filter(pk=upload.pk).locked().exists():
        return False
    upload.state = Upload.State.FAILED if failure else Upload.State.READY
    upload.failure = failure
    made = [] if failure else ["bytes", "width", "height", "blurhash", "duration", "peaks"]
    upload.save(update_fields=["state", "failure", *made])
    _tell(upload)
    return True


@transaction.atomic
def retry_upload(*, owner: User, upload: Upload) -> Upload:
    """Convert again what could not be converted: the machine may have been busy."""
    if upload.owner_id != owner.pk:
        raise NotFound
    upload = Upload.objects.filter(pk=upload.pk).locked().get()
    if not upload.has_failed or not default_storage.exists(upload.stored_name(Form.SOURCE)):
        raise NotFailed
    upload.state, upload.failure = Upload.State.PROCESSING, ""
    upload.save(update_fields=["state", "failure"])
    owe_conversion(upload)
    _tell(upload)
    return upload


def owe_conversion(upload: Upload) -> None:
    outbox.enqueue(tasks.convert, upload=str(upload.pk))


def forget_failed_sources(limit: int = 200) -> int:
    """What could not be converted within a day is not kept for another try."""
    failed = Upload.objects.failed().made_before(now() - SOURCE_KEPT).filter(bytes__gt=0)[:limit]
    uploads = list(failed)
    for upload in uploads:
        default_storage.delete(upload.stored_name(Form.SOURCE))
    Upload.objects.filter(pk__in=[upload.pk for upload in uploads]).update(bytes=0)
    return len(uploads)


def _tell(upload: Upload) -> None:
    for listener in events.on_settled:
        listener(upload)
