from __future__ import annotations

from collections.abc import Callable

import allauth.account.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401  (both register what is taken back below)
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from superapp.kernel.admin import ReadOnlyAdmin
from superapp.kernel.errors import Refused

from . import services
from .models import Block, FriendRequest, Friendship, FriendTag, User

# One way in: the sign-in page, with its limits.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Rights are given on the command line. A group or an address edited here would be a way to more of them.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ["handle", "display_name", "email", "is_active", "is_staff", "joined_at", "last_login"]
    list_filter = ["is_active", "is_staff", "joined_at"]
    search_fields = ["handle", "display_name", "email"]
    ordering = ["-pk"]
    fields = [
        "handle",
        "display_name",
        "email",
        "bio",
        "region",
        "language",
        "timezone",
        "is_active",
        "is_staff",
        "is_superuser",
        "joined_at",
        "last_login",
    ]
    actions = ["suspend", "restore"]

    def has_suspend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.suspend_user")

    @admin.action(description=gettext_lazy("Suspend"), permissions=["suspend"])
    def suspend(self, request: HttpRequest, people: QuerySet[User]) -> None:
        self._decide(request, people, services.suspend_person, _("Suspended"))

    @admin.action(description=gettext_lazy("Restore"), permissions=["suspend"])
    def restore(self, request: HttpRequest, people: QuerySet[User]) -> None:
        self._decide(request, people, services.restore_person, _("Restored"))

    def _decide(self, request: HttpRequest, people: QuerySet[User], service: Callable[..., User], note: str) -> None:
        done = 0
        for person in people:
            try:
                service(moderator=request.user, person=person)
            except Refused as refusal:
                messages.error(request, f"@{person.handle}: {refusal.sentence}")
            else:
                self.log_change(request, person, note)
                done += 1
        if done:
            messages.success(request, ngettext("%(n)s person changed.", "%(n)s people changed.", done) % {"n": done})


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnlyAdmin):
    list_display = ["email", "user", "primary", "verified"]
    list_filter = ["primary", "verified"]
    search_fields = ["email", "user__handle"]
    list_select_related = ["user"]


@admin.register(FriendRequest)
class FriendRequestAdmin(ReadOnlyAdmin):
    list_display = ["sender", "receiver", "state", "created_at", "expires_at"]
    list_filter = ["state", "created_at"]
    search_fields = ["sender__handle", "receiver__handle"]
    list_select_related = ["sender", "receiver"]


@admin.register(Friendship)
class FriendshipAdmin(ReadOnlyAdmin):
    """Who is whose friend. What a person notes about a friend is private."""

    list_display = ["owner", "friend", "created_at"]
    fields = ["owner", "friend", "created_at"]
    search_fields = ["owner__handle", "friend__handle"]
    list_select_related = ["owner", "friend"]


@admin.register(FriendTag)
class FriendTagAdmin(ReadOnlyAdmin):
    list_display = ["owner", "name"]
    search_fields = ["owner__handle"]
    list_select_related = ["owner"]


@admin.register(Block)
class BlockAdmin(ReadOnlyAdmin):
    list_display = ["blocker", "blocked", "created_at"]
    search_fields = ["blocker__handle", "blocked__handle"]
    list_select_related = ["blocker", "blocked"]
