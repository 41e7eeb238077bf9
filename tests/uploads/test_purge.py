"""What nobody uses goes within a day, rows first and files after."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils.timezone import now

from tests import make
from uploads.models import Upload, Variant
from uploads.services import claim
from uploads.tasks import purge_unused_uploads, remove_files

pytestmark = pytest.mark.django_db


def age(upload: Upload, hours: float) -> None:
    Upload.objects.filter(pk=upload.pk).update(created_at=now() - timedelta(hours=hours))


def has_files(upload: Upload) -> bool:
    return any(default_storage.exists(upload.file_name(variant)) for variant in Variant)


@pytest.mark.covers("D6")
def test_unused_uploads_older_than_a_day_are_purged(alice, effects) -> None:
    old, young, used = make.upload(alice), make.upload(alice), make.upload(alice)
    half_done = Upload.objects.create(owner=alice)  # a crash in the middle of receiving
    claim(owner=alice, ids=[str(used.pk)])
    for upload, hours in [(old, 25), (young, 23), (used, 99), (half_done, 25)]:
        age(upload, hours)
    with effects():
        purge_unused_uploads()
        assert has_files(old)  # until the commit
    assert not has_files(old)
    assert set(Upload.objects.all()) == {young, used}
    assert has_files(young)
    assert has_files(used)


def test_removing_files_twice_is_fine(alice) -> None:
    upload = make.upload(alice)
    remove_files(uploads=[str(upload.pk)])
    remove_files(uploads=[str(upload.pk)])
    assert not has_files(upload)
