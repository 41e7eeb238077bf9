"""An upload is carried by one thing, once."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from superapp.kernel.images import NotAPicture
from tests import make
from uploads.models import Upload
from uploads.services import TooManyUploads, UnknownUpload, claim, receive_upload

pytestmark = pytest.mark.django_db


def test_claimed_uploads_come_in_the_order_given(alice) -> None:
    uploads = [make.upload(alice) for _ in range(3)]
    wanted = [str(upload.pk) for upload in reversed(uploads)]
    assert [str(upload.pk) for upload in claim(owner=alice, ids=wanted)] == wanted
    assert not Upload.objects.unattached().exists()


def test_what_cannot_be_claimed_is_refused_and_nothing_is(alice, bob) -> None:
    mine, theirs, used = make.upload(alice), make.upload(bob), make.upload(alice)
    claim(owner=alice, ids=[str(used.pk)])
    processing = Upload.objects.create(owner=alice)
    for bad in [str(theirs.pk), str(used.pk), str(processing.pk), str(mine.pk), str(uuid.uuid4()), "7", "", "\x00"]:
        with pytest.raises(UnknownUpload):
            claim(owner=alice, ids=[str(mine.pk), bad])
        mine.refresh_from_db()
        assert mine.attached_at is None
    claim(owner=alice, ids=[str(mine.pk)])


def test_more_than_fit_are_refused(alice) -> None:
    ids = [str(make.upload(alice, size=(8, 8)).pk) for _ in range(3)]
    with pytest.raises(TooManyUploads):
        claim(owner=alice, ids=ids, limit=2)
    assert len(claim(owner=alice, ids=ids, limit=3)) == 3


def test_claiming_nothing_is_fine(alice) -> None:
    assert claim(owner=alice, ids=[]) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_claims_at_once_one_wins(alice) -> None:
    upload = make.upload(alice, size=(8, 8))
    won, lost = [], []
    ready = threading.Barrier(4)

    def run() -> None:
        ready.wait()
        try:
            won.append(claim(owner=alice, ids=[str(upload.pk)]))
        except UnknownUpload:
            lost.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 3)


def test_a_refused_picture_leaves_no_row(alice) -> None:
    with pytest.raises(NotAPicture):
        receive_upload(owner=alice, file=SimpleUploadedFile("a.jpg", b"words"))
    assert not Upload.objects.exists()
