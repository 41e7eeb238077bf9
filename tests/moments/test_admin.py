from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import User
from tests import make
from tests.conftest import Web


@pytest.mark.covers("A13")
def test_a_moderator_reads_what_friends_read_but_not_what_is_for_oneself_alone(alice: User, mod: User) -> None:
    shared = make.moment(author=alice, text="CNRY for friends")
    private = make.moment(author=alice, text="CNRY for me", audience="private")
    moderator = Web(mod)

    listed = moderator.get(reverse("admin:moments_moment_changelist")).content.decode()
    assert "CNRY for friends" in listed
    assert "CNRY for me" not in listed
    assert moderator.get(reverse("admin:moments_moment_change", args=[shared.pk])).status_code == 200
    assert moderator.get(reverse("admin:moments_moment_change", args=[private.pk])).status_code == 302
