"""A prepared question answers what its QuerySet would, whatever the values."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts.models import FriendRequest, User
from chat.models import Conversation
from superapp.kernel.prepared import Prepared, insert
from tests import make
from uploads.models import Upload

pytestmark = pytest.mark.django_db


def people(count: int) -> list[User]:
    return [make.person(f"person_{number}") for number in range(count)]


def test_it_answers_for_each_value_what_the_queryset_answers() -> None:
    visible = Prepared(lambda viewer, after: User.objects.visible_to(viewer).filter(pk__gt=after).order_by("pk"))
    crowd = people(4)
    for viewer in crowd:
        for other in crowd:
            expected = list(User.objects.visible_to(viewer).filter(pk__gt=other.pk).order_by("pk"))
            assert visible.objects(viewer=viewer, after=other.pk) == expected


def test_rows_are_whole_with_their_relations_and_annotations(alice: User, bob: User) -> None:
    asked = Prepared(
        lambda receiver: FriendRequest.objects.filter(receiver=receiver).select_related("sender").order_by("pk")
    )
    charlie = make.person("charlie")
    request = make.friend_request(charlie, alice, "Hello")
    with CaptureQueriesContext(connection) as queries:
        (found,) = [one for one in asked.objects(receiver=alice) if one.greeting]
        assert (found, found.sender.handle, found.created_at) == (request, "charlie", request.created_at)
    assert len(queries) == 1


def test_a_list_may_have_any_length() -> None:
    among = Prepared(lambda ids: User.objects.filter(pk__in=ids).order_by("pk").values_list("handle"))
    crowd = people(5)
    for size in (1, 3, 5, 0, 2):
        handles = [person.handle for person in crowd[:size]]
        assert [handle for (handle,) in among.tuples(ids=[person.pk for person in crowd[:size]])] == handles


def test_a_limit_is_a_value() -> None:
    first = Prepared(lambda size: User.objects.order_by("pk")[:size])
    crowd = people(6)
    assert first.objects(size=2) == crowd[:2]
    assert first.objects(size=5) == crowd[:5]


def test_times_are_values_too(alice: User) -> None:
    charlie = make.person("charlie")
    make.friend_request(charlie, alice)
    pending = Prepared(lambda at: FriendRequest.objects.pending(at).values_list("pk"))
    assert len(pending.tuples(at=now())) == 1
    assert len(pending.tuples(at=now() + timedelta(days=1000))) == 0


def test_what_the_database_keeps_otherwise_comes_back_as_its_field_says(alice: User) -> None:
    """Identifiers, truth values and JSON are other things to SQLite than to PostgreSQL."""
    kept = make.upload(alice)
    mine = Prepared(
        lambda owner: Upload.objects.filter(owner=owner).values_list("pk", "owner__is_active", "created_at")
    )
    assert [tuple(row) for row in mine.tuples(owner=alice)] == [(kept.pk, True, kept.created_at)]


def test_a_question_that_forgets_a_value_is_refused(alice: User) -> None:
    careless = Prepared(lambda viewer: User.objects.all())
    with pytest.raises(ValueError, match="viewer"):
        careless.objects(viewer=alice)


def test_a_question_with_prefetches_is_refused(alice: User) -> None:
    careless = Prepared(lambda pk: User.objects.filter(pk=pk).prefetch_related("friendships"))
    with pytest.raises(ValueError, match="prefetched"):
        careless.objects(pk=alice.pk)


def test_an_inserted_row_is_as_one_that_was_saved(alice: User) -> None:
    """With its key, with what the database fills in, and with every value in the form of its field."""
    made = Conversation(kind="group", title="Tea", created_by=alice, face_ids=[alice.pk])
    insert(made)
    read = Conversation.objects.get(pk=made.pk)
    fields = [field.attname for field in Conversation._meta.concrete_fields]
    assert {name: getattr(made, name) for name in fields} == {name: getattr(read, name) for name in fields}
    made.title = "Coffee"
    made.save()
    assert Conversation.objects.get().title == "Coffee"


def test_a_value_is_kept_where_the_database_would_have_filled_one_in(alice: User) -> None:
    long_ago = now() - timedelta(days=9)
    for at in (long_ago, None):
        row = Conversation(kind="group", created_by=alice, **({"created_at": at} if at else {}))
        insert(row)
        assert (Conversation.objects.get(pk=row.pk).created_at == long_ago) == (at is not None)
