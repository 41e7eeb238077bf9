from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .models import OutboxRow


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """For looking, not for touching: what people wrote and own changes through services alone."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(OutboxRow)
class OutboxRowAdmin(ReadOnlyAdmin):
    list_display = ["task", "arguments", "created_at", "due_at", "attempts", "parked_at", "last_error"]
    list_filter = ["task", ("parked_at", admin.EmptyFieldListFilter)]
