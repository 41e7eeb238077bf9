"""`manage.py serve` with something changed in its process, from outside: `python -m tests.faults.hooks serve`.

FAULT_HOOK names what, separated by commas. The product itself has no switch for any of this.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

SHORT = "short_envelopes"  # red envelopes end after so many seconds
ENVELOPE_SECONDS = 4


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "superapp.settings")
    from django.conf import settings

    if SHORT in os.environ["FAULT_HOOK"]:
        settings.RED_ENVELOPE_HOURS = ENVELOPE_SECONDS / 3600
    settings.CELERY_BEAT_SCHEDULE["refund-expired-red-envelopes"]["schedule"] = 1
    import django

    django.setup()
    for hook in os.environ["FAULT_HOOK"].split(","):
        if hook != SHORT:
            HOOKS[hook]()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


# --- Bugs that the checker must catch -------------------------------------------------------------------------------


def ack_before_commit() -> None:
    """The answer is given while the message is still only in an open transaction."""
    from django.db import connection, transaction

    from chat import services

    send = services.send_message

    def send_message(**wanted: Any) -> Any:
        outcome: list[Any] = []
        said = threading.Event()

        def work() -> None:
            try:
                with transaction.atomic():
                    outcome.append(send(**wanted))
                    said.set()
                    time.sleep(0.3)
            except Exception as error:
                outcome.append(error)
            finally:
                said.set()
                connection.close()

        threading.Thread(target=work, daemon=True).start()
        said.wait()
        if isinstance(outcome[0], Exception):
            raise outcome[0]
        return outcome[0]

    services.send_message = send_message


def numbers_without_lock() -> None:
    """A number is the highest there is and one more, looked up before anything is locked."""
    from dataclasses import replace

    from django.db.models import F

    from chat.models import Conversation
    from chat.services import messages

    write, take = messages.write_message, messages.take_number
    looked_up = threading.local()

    def write_message(**wanted: Any) -> Any:
        looked_up.head = Conversation.objects.values_list("head", flat=True).get(pk=wanted["conversation"].pk)
        time.sleep(0.05)  # as long as it takes another to do the same
        return write(**wanted)

    def take_number(conversation: Any, **options: Any) -> Any:
        right, number = take(conversation, **options), looked_up.head + 1
        Conversation.objects.filter(pk=conversation.pk).update(head=F("head") - right.last + number)
        return replace(right, first=number, last=number)

    messages.take_number = take_number
    _everywhere(write, write_message)


def task_acts_twice() -> None:
    """A notice is told anew by each delivery of its task; the broker delivers everything twice."""
    from notifications import tasks
    from notifications.models import Notification

    deliver = tasks.deliver

    def deliver_anew(notification_id: int) -> None:
        for row in Notification.objects.filter(pk=notification_id):
            deliver(notification_id)
            row.pk, row.sameness = None, uuid.uuid4().hex
            row.save(force_insert=True)

    tasks.deliver = deliver_anew
    deliver_twice()


def sync_leaves_out() -> None:
    """What is told live is not all that sync answers."""
    from chat import sync

    whole = sync.changes_since

    def changes_since(*wanted: Any, **more: Any) -> Any:
        changes = whole(*wanted, **more)
        changes.messages[:] = [message for message in changes.messages if message.pk % 3]
        return changes

    _everywhere(whole, changes_since)


def refund_without_guard() -> None:
    """Whoever asks for a refund gets one, as often as they ask; the broker delivers everything twice."""
    from wallet import ledger, services, tasks
    from wallet.models import RedEnvelope, Transaction

    def refund(red_envelope_id: int) -> int:
        envelope = RedEnvelope.objects.get(pk=red_envelope_id)
        legs = [ledger.Leg.escrow(-envelope.amount), ledger.Leg.person(envelope.sender_id, envelope.amount)]
        ledger.atomically(ledger.post)(
            kind=Transaction.Kind.REFUND,
            actor_id=None,
            key=f"refund:{uuid.uuid4()}",
            request_hash=ledger.fingerprint("refund", red_envelope=envelope.pk),
            currency=envelope.currency,
            legs=legs,
        )
        return services_refund(red_envelope_id)

    services_refund = services.refund_red_envelope
    services.refund_red_envelope = refund
    assert tasks.services is services
    deliver_twice()


def deliver_twice() -> None:
    """No bug: a broker may do this (F13)."""
    from superapp.kernel import outbox

    once = outbox.hand_over

    def hand_over(*wanted: Any, **more: Any) -> None:
        once(*wanted, **more)
        once(*wanted, **more)

    outbox.hand_over = hand_over


def _everywhere(old: Any, new: Any) -> None:
    """Wherever a module has taken the function by name."""
    for module in list(sys.modules.values()):
        for name, value in (
            list(vars(module).items()) if getattr(module, "__name__", "").partition(".")[0] == "chat" else ()
        ):
            if value is old:
                setattr(module, name, new)


# --- Failpoints -----------------------------------------------------------------------------------------------------


def failpoints() -> None:
    """The process kills itself at a moment that the test names in a file: `before commit chat_message` and so on. A
    transaction is known by a table that it writes to."""
    from django.conf import settings
    from django.db.backends.signals import connection_created

    armed = Path(settings.DATA_DIR) / "failpoint"

    def strike(moment: str, tables: set[str]) -> None:
        try:
            wanted, _, table = armed.read_text().strip().rpartition(" ")
        except FileNotFoundError:
            return
        if wanted == moment and table in tables:
            armed.unlink()
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(connection: Any, **_signal: Any) -> None:
        if hasattr(connection, "written_to"):
            return
        connection.written_to = set()

        def note(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
            words = str(sql).replace('"', "").split()
            if words[:1] in (["INSERT"], ["UPDATE"], ["DELETE"]):
                table = words[1] if words[0] == "UPDATE" else words[2]
                strike("before write", {table})
                connection.written_to.add(table)
            return execute(sql, params, many, context)

        connection.execute_wrappers.append(note)
        commit, rollback = connection._commit, connection._rollback

        def watched_commit() -> Any:
            strike("before commit", connection.written_to)
            done = commit()
            strike("after commit", connection.written_to)
            connection.written_to.clear()
            return done

        def watched_rollback() -> Any:
            connection.written_to.clear()
            return rollback()

        connection._commit, connection._rollback = watched_commit, watched_rollback

    connection_created.connect(watch, weak=False)


HOOKS: dict[str, Callable[[], None]] = {
    hook.__name__: hook
    for hook in (
        ack_before_commit,
        numbers_without_lock,
        task_acts_twice,
        sync_leaves_out,
        refund_without_guard,
        deliver_twice,
        failpoints,
    )
}

if __name__ == "__main__":
    main()
