from __future__ import annotations

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.timezone import now

from superapp.kernel.admin import ReadOnlyAdmin

from .models import Account, Entry, RedEnvelope, Share, Transaction


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    list_display = ["pk", "kind", "owner", "currency", "balance", "frozen"]
    list_filter = ["kind", "currency", "frozen"]
    list_select_related = ["owner"]
    search_fields = ["owner__handle"]


class EntryInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Entry
    fields = ["account", "amount", "balance_after"]
    readonly_fields = ["account", "amount", "balance_after"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Transaction | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Transaction | None = None) -> bool:
        return False


@admin.register(Transaction)
class TransactionAdmin(ReadOnlyAdmin):
    list_display = ["pk", "kind", "actor", "key", "created_at"]
    list_filter = ["kind"]
    list_select_related = ["actor"]
    search_fields = ["actor__handle", "key"]
    date_hierarchy = "created_at"
    exclude = ["request_hash"]
    inlines = [EntryInline]


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["pk", "transaction", "account", "amount", "balance_after"]
    list_select_related = ["transaction", "account"]
    search_fields = ["account__owner__handle"]


@admin.register(RedEnvelope)
class RedEnvelopeAdmin(ReadOnlyAdmin):
    list_display = [
        "pk",
        "sender",
        "kind",
        "amount",
        "currency",
        "share_count",
        "created_at",
        "expires_at",
        "refunded_at",
    ]
    list_filter = ["kind"]
    list_select_related = ["sender"]
    search_fields = ["sender__handle"]
    exclude = ["seed"]  # nobody knows the draw before it has been taken


@admin.register(Share)
class ShareAdmin(ReadOnlyAdmin):
    list_display = ["pk", "envelope", "place", "amount", "claimed_by", "claimed_at"]
    list_select_related = ["envelope", "claimed_by"]
    search_fields = ["claimed_by__handle"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Share]:
        """Not what may still be drawn: moderators take red envelopes too."""
        ended = Q(claimed_by__isnull=False) | Q(refund_transaction__isnull=False) | Q(envelope__expires_at__lt=now())
        return super().get_queryset(request).filter(ended)
