from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chat import above

from .loading import conversation_of


@login_required
@require_safe
def commands(request: HttpRequest, pk: int) -> HttpResponse:
    """What can be said after a slash, for the composer to suggest."""
    return render(request, "chat/_commands.html", {"commands": above.commands_in(conversation_of(request, pk))})
