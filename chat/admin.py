from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from superapp.kernel.admin import ReadOnlyAdmin

from .models import (
    Admission,
    Attachment,
    ChatPrivacy,
    Conversation,
    CustomEmoji,
    Export,
    Generation,
    ImportedChannel,
    Invite,
    LinkPreview,
    Member,
    Message,
    MessageEdit,
    Poll,
    Reaction,
    Record,
    SavedItem,
    ScheduledMessage,
    SearchProgress,
    SignUpList,
    Sticker,
    StickerPack,
    Todo,
    VoiceHeard,
)

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


@admin.register(Invite)
class InviteAdmin(ReadOnlyAdmin):
    """Without the token, which would let its reader in."""

    list_display = ["id", "conversation_id", "created_by", "created_at", "expires_at", "uses", "max_uses", "revoked_at"]
    list_select_related = ["created_by"]
    search_fields = ["=created_by__handle", "=conversation__id"]
    fields = ["conversation", "created_by", "created_at", "expires_at", "max_uses", "uses", "revoked_at"]


@admin.register(Admission)
class AdmissionAdmin(ReadOnlyAdmin):
    list_display = ["id", "conversation_id", "user", "invited_by", "state", "created_at", "answered_at"]
    list_select_related = ["user", "invited_by"]
    list_filter = ["state"]
    search_fields = ["=user__handle", "=conversation__id"]
    fields = ["conversation", "user", "invited_by", "state", "created_at", "answered_at", "answered_by"]


@admin.register(ChatPrivacy)
class ChatPrivacyAdmin(ReadOnlyAdmin):
    list_display = ["user", "strangers", "groups"]
    list_select_related = ["user"]
    search_fields = ["=user__handle"]


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


@admin.register(Poll)
class PollAdmin(ReadOnlyAdmin):
    list_display = ["id", "conversation_id", "is_multiple", "is_anonymous", "closes_at", "closed_at"]
    list_filter = ["is_anonymous"]
    fields = ["conversation", "is_multiple", "is_anonymous", "closes_at", "closed_at", "announced_at"]


@admin.register(SignUpList)
class SignUpListAdmin(ReadOnlyAdmin):
    list_display = ["id", "conversation_id", "closed_at"]
    fields = ["conversation", "closed_at", "announced_at"]


@admin.register(Todo)
class TodoAdmin(ReadOnlyAdmin):
    list_display = ["id", "conversation_id", "created_by", "created_at", "closed_at"]
    list_select_related = ["created_by"]
    fields = ["conversation", "created_by", "created_at", "closed_at", "announced_at"]


@admin.register(ScheduledMessage)
class ScheduledMessageAdmin(ReadOnlyAdmin):
    list_display = ["id", "conversation_id", "sender", "send_at", "failure"]
    list_select_related = ["sender"]
    list_filter = ["failure"]
    search_fields = ["=sender__handle"]
    fields = ["conversation", "sender", "send_at", "silent", "failure", "created_at"]


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    list_display = ["id", "owner", "conversation_id", "state", "bytes", "created_at", "expires_at"]
    list_select_related = ["owner"]
    list_filter = ["state"]
    search_fields = ["=owner__handle"]
    fields = ["owner", "conversation", "state", "done", "total", "bytes", "created_at", "ready_at", "expires_at"]


@admin.register(ImportedChannel)
class ImportedChannelAdmin(ReadOnlyAdmin):
    list_display = ["key", "conversation_id", "reached"]


@admin.register(SearchProgress)
class SearchProgressAdmin(ReadOnlyAdmin):
    list_display = ["conversation_id", "indexed_seq"]


@admin.register(MessageEdit)
class MessageEditAdmin(ReadOnlyAdmin):
    list_display = ["message_id", "conversation_id", "written_at"]
    fields = ["message", "conversation", "written_at"]


@admin.register(Reaction)
class ReactionAdmin(ReadOnlyAdmin):
    list_display = ["message_id", "conversation_id", "user", "created_at"]
    list_select_related = ["user"]
    search_fields = ["=user__handle", "=conversation__id"]
    fields = ["message", "conversation", "user", "created_at"]


@admin.register(Record)
class RecordAdmin(ReadOnlyAdmin):
    list_display = ["message_id", "conversation_id"]
    fields = ["message", "conversation"]


@admin.register(SavedItem)
class SavedItemAdmin(ReadOnlyAdmin):
    list_display = ["id", "owner", "kind", "created_at"]
    list_select_related = ["owner"]
    search_fields = ["=owner__handle"]
    fields = ["owner", "kind", "created_at"]


@admin.register(StickerPack)
class StickerPackAdmin(ReadOnlyAdmin):
    list_display = ["id", "name", "owner", "shared", "created_at", "removed_at"]
    list_filter = ["shared"]
    list_select_related = ["owner"]
    search_fields = ["name", "=owner__handle"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[StickerPack]:
        """What everybody may use. Packs of one's own are private."""
        return StickerPack.objects.filter(shared=True)


@admin.register(Sticker)
class StickerAdmin(ReadOnlyAdmin):
    list_display = ["id", "pack", "words", "width", "height", "created_at", "removed_at"]
    list_select_related = ["pack"]
    search_fields = ["words", "=pack__id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sticker]:
        return Sticker.objects.filter(pack__shared=True)


@admin.register(CustomEmoji)
class CustomEmojiAdmin(ReadOnlyAdmin):
    list_display = ["name", "created_by", "created_at"]
    list_select_related = ["created_by"]
    search_fields = ["name"]


@admin.register(VoiceHeard)
class VoiceHeardAdmin(ReadOnlyAdmin):
    list_display = ["message_id", "heard_at"]
    fields = ["message", "heard_at"]
