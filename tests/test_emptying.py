"""What the suite itself does to the database between tests with real transactions."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from accounts.models import User
from chat.models import Message
from tests import emptying, make
from wallet import guards
from wallet.models import Entry


def test_migrations_write_no_rows_that_emptying_would_lose(db: None) -> None:
    assert emptying.tables_with_rows(connection) == set(), "a data migration's table belongs in emptying.KEPT"


@pytest.mark.django_db(transaction=True)
def test_people_messages_and_money_go_and_guards_permissions_and_content_types_stay(alice: User, bob: User) -> None:
    make.funds(alice, 5)
    kept = Permission.objects.count(), ContentType.objects.count()
    assert (Entry.objects.exists(), Message.objects.exists()) == (True, True)

    emptying.empty(connection)

    assert emptying.tables_with_rows(connection) == set()
    assert (Permission.objects.count(), ContentType.objects.count()) == kept
    assert guards.present(connection) == guards.expected(connection)


@pytest.mark.django_db(transaction=True)
def test_guards_that_a_test_took_down_stand_again() -> None:
    guards.remove(connection)
    emptying.empty(connection)
    assert guards.present(connection) == guards.expected(connection)
