from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.names import clean_line
from chat import events
from chat.models import Conversation, Message, Todo, TodoTick
from chat.models.todo import OPEN_TODOS_MAX, TODO_LENGTH_MAX
from chat.wording import summary
from superapp.kernel import limits, live
from superapp.kernel.errors import Conflict, Forbidden, Invalid, NotFound

from .announcing import announce, announce_now
from .conversations import NotAllowedInGroup, lock_group, membership
from .lines import Line, announce_message, write_line
from .numbering import GroupDissolved, members_at, take_number


class EmptyTodo(Invalid):
    code = "empty_todo"
    sentence = _("Say what there is to do.")


class TodoTooLong(Invalid):
    code = "too_long"
    sentence = _("This is too long.")


class TooManyTodos(Conflict):
    code = "too_many"
    sentence = _("The group has many to-dos already. Finish one first.")


class AlreadyTodo(Conflict):
    code = "already_todo"
    sentence = _("This message is a to-do already.")


class TodoFinished(Conflict):
    code = "todo_finished"
    sentence = _("This to-do is finished.")


class NotYourTodo(Forbidden):
    code = "not_allowed"
    sentence = _("Only the owner and the admins may finish it.")


@transaction.atomic
def make_todo(*, actor: User, conversation: Conversation, text: str = "", message: Message | None = None) -> Todo:
    """Ask everybody in a group to do something: what a text says, or a message that the actor sees."""
    limits.count("message", actor.pk)
    text = clean_line(text) or (clean_line(summary(message))[:TODO_LENGTH_MAX] if message is not None else "")
    if not text:
        raise EmptyTodo(errors={"text": EmptyTodo.sentence})
    if len(text) > TODO_LENGTH_MAX:
        raise TodoTooLong(errors={"text": TodoTooLong.sentence})
    conversation = lock_group(conversation)
    if not membership(conversation, actor).may_manage:
        raise NotAllowedInGroup
    if conversation.open_todos >= OPEN_TODOS_MAX:
        raise TooManyTodos
    numbers = take_number(conversation, count=2)
    try:
        with transaction.atomic():
            todo = Todo.objects.create(conversation=conversation, message=message, text=text, created_by=actor)
    except IntegrityError as error:
        raise AlreadyTodo from error
    conversation.changed_seq = numbers.first
    conversation.open_todos += 1
    conversation.save(update_fields=["changed_seq", "open_todos"])
    recipients = list(members_at(conversation.pk, numbers.member_epoch))
    live.publish(recipients, events.conversation_changed(conversation))
    line = write_line(
        conversation, Line.TODO_MADE, seq=numbers.last, at=numbers.taken_at, actor=actor, title=text[:100]
    )
    announce_message(line, recipients)
    return todo


@transaction.atomic
def tick(*, person: User, todo: Todo) -> Todo:
    """Say that one has done it."""
    return _mark(person, todo, is_done=True)


@transaction.atomic
def untick(*, person: User, todo: Todo) -> Todo:
    return _mark(person, todo, is_done=False)


@transaction.atomic
def finish_todo(*, actor: User, todo: Todo) -> Todo:
    """Take it off the group's list, whoever has done it."""
    if not todo.conversation.is_visible_to(actor):
        raise NotFound
    conversation = lock_group(todo.conversation)
    todo = _held(actor, todo)
    if not membership(conversation, actor).may_manage:
        raise NotYourTodo
    if todo.closed_at is not None:
        return todo
    todo.closed_at = now()
    todo.save(update_fields=["closed_at"])
    conversation.open_todos = Todo.objects.filter(conversation=conversation).open().count()
    conversation.save(update_fields=["open_todos"])
    announce_now(todo)
    return todo


def _mark(person: User, todo: Todo, *, is_done: bool) -> Todo:
    limits.count("vote", person.pk)
    todo = _held(person, todo)
    if todo.closed_at is not None:
        raise TodoFinished
    if todo.conversation.dissolved_at is not None:
        raise GroupDissolved
    if is_done:
        has_changed = TodoTick.objects.get_or_create(todo=todo, user=person)[1]
    else:
        has_changed = bool(todo.ticks.filter(user=person).delete()[0])
    if has_changed:
        announce(todo)
    return todo


def _held(person: User, todo: Todo) -> Todo:
    found = Todo.objects.visible_to(person).filter(pk=todo.pk).select_related("conversation").locked().first()
    if found is None:
        raise NotFound
    return found
