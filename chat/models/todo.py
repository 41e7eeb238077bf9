from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .announced import Announced
from .member import Member
from .message import Message

if TYPE_CHECKING:
    from accounts.models import User

    from .conversation import Conversation

# A to-do here is something a group has to do, and nothing unfinished.
TODO_LENGTH_MAX = 300
OPEN_TODOS_MAX = 20


class TodoQuerySet(models.QuerySet["Todo"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Like the announcement, they are there for all who are in the group now."""
        if not viewer.is_authenticated:
            return self.none()
        own = Member.objects.active().filter(conversation=OuterRef("conversation"), user=viewer)
        return self.filter(Exists(own))

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def next_for(self, viewer: User, conversation: Conversation) -> Any:
        """What the bar above the chat shows: the latest that the viewer has not done; else the latest."""
        here = self.filter(conversation=conversation).open().with_progress(viewer)
        return here.order_by("mine", "-pk").first()

    def locked(self) -> Self:
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")

    def with_progress(self, viewer: User) -> Self:
        """Each with `done` and `all` (how many of the members have ticked it off, of how many; bots have nothing to
        do) and `mine` (whether the viewer has)."""
        ticks = TodoTick.objects.filter(todo=OuterRef("pk"))
        counted = ticks.present().order_by().values("todo").annotate(count=Count("pk")).values("count")
        people = Member.objects.active().filter(conversation=OuterRef("conversation"), user__is_bot=False)
        asked = people.order_by().values("conversation").annotate(count=Count("pk")).values("count")
        return self.annotate(
            all=Coalesce(Subquery(asked, output_field=IntegerField()), 0),
            done=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
            mine=Exists(ticks.filter(user=viewer)),
        )


class Todo(Announced):
    """Something every member of a group is asked to do."""

    conversation = models.ForeignKey(
        "chat.Conversation", on_delete=models.CASCADE, related_name="todos", db_index=False
    )
    message = models.ForeignKey(
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    text = models.CharField(max_length=TODO_LENGTH_MAX)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = TodoQuerySet.as_manager()

    class Meta:
        verbose_name = _("to-do of a group")
        verbose_name_plural = _("to-dos of groups")
        constraints = [
            models.UniqueConstraint(
                fields=["message"], condition=Q(message__isnull=False, closed_at__isnull=True), name="todo_of_message"
            )
        ]
        indexes = [models.Index(fields=["conversation", "-id"], name="todo_of_conversation")]

    def __str__(self) -> str:
        return f"to-do {self.pk}"


class TodoTickQuerySet(models.QuerySet["TodoTick"]):
    def present(self) -> Self:
        """Of those who are still in the group."""
        members = Member.objects.active().filter(conversation=OuterRef("todo__conversation"), user=OuterRef("user"))
        return self.filter(Exists(members))


class TodoTick(models.Model):
    """One member has done it."""

    todo = models.ForeignKey(Todo, on_delete=models.CASCADE, related_name="ticks", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TodoTickQuerySet.as_manager()

    class Meta:
        verbose_name = _("to-do ticked off")
        verbose_name_plural = _("to-dos ticked off")
        constraints = [models.UniqueConstraint(fields=["todo", "user"], name="todo_tick_once")]

    def __str__(self) -> str:
        return f"{self.user_id} did {self.todo_id}"
