"""How much one person may keep, and how much at once."""

from __future__ import annotations

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from superapp.kernel.errors import RateLimited
from tests import make
from uploads.models import Upload
from uploads.services import QuotaExceeded, claim, receive_upload

pytestmark = pytest.mark.django_db


@pytest.mark.covers("D6")
def test_the_quota_counts_what_is_stored(alice, bob, settings) -> None:
    first = make.upload(alice)
    received = make.picture_file().size
    settings.UPLOAD_QUOTA_BYTES = first.bytes + received
    make.upload(alice)
    with pytest.raises(QuotaExceeded):
        make.upload(alice)
    assert Upload.objects.filter(owner=alice).count() == 2
    make.upload(bob)  # everybody has a quota of their own


@pytest.mark.covers("D6")
def test_one_cannot_hoard_uploads_that_nothing_carries(alice, settings) -> None:
    settings.UPLOADS_UNUSED_MAX = 2
    first = make.upload(alice)
    make.upload(alice)
    with pytest.raises(QuotaExceeded):
        make.upload(alice)
    claim(owner=alice, ids=[str(first.pk)])
    make.upload(alice)


def test_too_many_in_a_short_time_are_refused(alice, settings) -> None:
    settings.RATE_LIMITS_ENABLED = True
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"upload": ("2/minute", "closed")}
    from superapp.kernel import limits

    limits._rate.cache_clear()
    try:
        make.upload(alice)
        make.upload(alice)
        with pytest.raises(RateLimited):
            make.upload(alice)
    finally:
        limits._rate.cache_clear()
    assert Upload.objects.count() == 2


@pytest.mark.covers("D6")
@pytest.mark.django_db(transaction=True)
def test_parallel_uploads_cannot_pass_the_quota_together(alice, settings) -> None:
    content = make.picture_file((64, 64)).read()
    settings.UPLOAD_QUOTA_BYTES = len(content) * 3
    settings.UPLOADS_UNUSED_MAX = 3
    refused = []

    def send() -> None:
        try:
            receive_upload(owner=alice, file=SimpleUploadedFile("x.jpg", content))
        except QuotaExceeded:
            refused.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Upload.objects.unattached().count() <= 3
    assert Upload.objects.count() + len(refused) == 8
