from __future__ import annotations

import logging
from itertools import islice

from celery import shared_task
from django.utils.timezone import now

from superapp.kernel import outbox
from superapp.kernel.models import OutboxRow

from . import audit, services
from .models import RedEnvelope

logger = logging.getLogger(__name__)

REFUNDS_AT_ONCE = 500


@outbox.task
def refund_red_envelope(*, red_envelope_id: int) -> None:
    services.refund_red_envelope(red_envelope_id)


@shared_task
def refund_expired_red_envelopes() -> None:
    """Owe one task for each envelope that is due and has none yet."""
    owed = OutboxRow.objects.filter(task=refund_red_envelope.name).values_list("arguments", flat=True)
    already = {arguments["red_envelope_id"] for arguments in owed}
    due = RedEnvelope.objects.due(now()).order_by("expires_at").values_list("pk", flat=True)
    for red_envelope_id in due[:REFUNDS_AT_ONCE]:
        if red_envelope_id not in already:
            outbox.enqueue(refund_red_envelope, red_envelope_id=red_envelope_id)


@shared_task
def verify_ledger() -> None:
    findings = list(islice(audit.findings(), 100))
    for finding in findings:
        logger.error("ledger: %s", finding)
    if findings:
        logger.critical("ledger: the books do not agree (%d findings)", len(findings))
