from django.contrib import admin

from superapp.kernel.admin import ReadOnlyAdmin

from .models import EmailSwitch, Notification


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """That somebody was told, and when; not what it said."""

    list_display = ["recipient", "kind", "created_at", "delivered_at", "mailed_at", "read_at"]
    list_filter = ["kind"]
    list_select_related = ["recipient"]
    search_fields = ["recipient__handle"]
    fields = ["recipient", "kind", "created_at", "delivered_at", "mailed_at", "read_at"]


@admin.register(EmailSwitch)
class EmailSwitchAdmin(ReadOnlyAdmin):
    list_display = ["person", "kind", "is_on"]
    list_filter = ["kind"]
    search_fields = ["person__handle"]
