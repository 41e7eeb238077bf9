from django.contrib import admin

from superapp.kernel.admin import ReadOnlyAdmin

from .models import Article, Broadcast, Comment, Follow, PublicAccount


@admin.register(PublicAccount)
class PublicAccountAdmin(ReadOnlyAdmin):
    list_display = ["handle", "name", "owner", "created_at", "is_closed"]
    list_filter = ["is_closed"]
    list_select_related = ["owner"]
    search_fields = ["handle", "name", "owner__handle"]


@admin.register(Follow)
class FollowAdmin(ReadOnlyAdmin):
    list_display = ["account", "person", "created_at"]
    list_select_related = ["account", "person"]
    search_fields = ["account__handle", "person__handle"]


@admin.register(Article)
class ArticleAdmin(ReadOnlyAdmin):
    """Published articles alone: drafts are nobody's business but their author's."""

    list_display = ["title", "account", "published_at", "edited_at"]
    list_select_related = ["account"]
    search_fields = ["title", "account__handle"]

    def get_queryset(self, request):  # type: ignore[no-untyped-def]
        return super().get_queryset(request).published()


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    list_display = ["text", "author", "article", "created_at"]
    list_select_related = ["author", "article"]
    search_fields = ["text", "author__handle"]


@admin.register(Broadcast)
class BroadcastAdmin(ReadOnlyAdmin):
    list_display = ["article", "told", "created_at", "finished_at"]
    list_select_related = ["article"]
