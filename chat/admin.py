from __future__ import annotations

from django.contrib import admin

from superapp.kernel.admin import ReadOnlyAdmin

from .models import Attachment, Conversation, Generation, LinkPreview, Member, Message

# Private words are not for moderators to browse: what was said is shown nowhere here.


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdmin):
    list_display = ["id", "kind", "member_count", "head", "created_at", "active_at"]
    list_filter = ["kind"]
    fields = ["kind", "member_count", "head", "created_by", "created_at", "active_at"]


@admin.register(Member)
class MemberAdmin(ReadOnlyAdmin):
    list_display = ["conversation_id", "user", "role", "joined_at", "left_at"]
    list_select_related = ["user"]
    search_fields = ["=user__handle", "=conversation__id"]
    fields = ["conversation", "user", "role", "joined_at", "left_at"]


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ["id", "conversation_id", "seq", "sender", "kind", "created_at"]
    list_select_related = ["sender"]
    list_filter = ["kind"]
    search_fields = ["=sender__handle", "=conversation__id"]
    fields = ["conversation", "seq", "changed_seq", "sender", "kind", "created_at"]


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    list_display = ["message_id", "conversation_id", "position"]
    fields = ["message", "conversation", "position"]


@admin.register(Generation)
class GenerationAdmin(ReadOnlyAdmin):
    list_display = ["name"]


@admin.register(LinkPreview)
class LinkPreviewAdmin(ReadOnlyAdmin):
    list_display = ["id", "site_name", "is_fetched", "fetched_at"]
    fields = ["site_name", "image_width", "image_height", "is_fetched", "fetched_at", "claimed_until"]
