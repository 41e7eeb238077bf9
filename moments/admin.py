from django.contrib import admin

from superapp.kernel.admin import ReadOnlyAdmin

from .models import Comment, Like, Moment, MomentPhoto


class MomentPhotoInline(admin.TabularInline):  # type: ignore[type-arg]
    model = MomentPhoto
    extra = 0
    can_delete = False
    readonly_fields = ["position", "upload"]

    def has_add_permission(self, *args: object) -> bool:
        return False


@admin.register(Moment)
class MomentAdmin(ReadOnlyAdmin):
    list_display = ["id", "author", "__str__", "audience_mode", "created_at"]
    list_filter = ["audience_mode", "created_at"]
    list_select_related = ["author"]
    search_fields = ["=author__handle", "text"]
    inlines = [MomentPhotoInline]


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    list_display = ["id", "author", "__str__", "moment", "created_at"]
    list_select_related = ["author", "moment"]
    search_fields = ["=author__handle", "text"]


@admin.register(Like)
class LikeAdmin(ReadOnlyAdmin):
    list_display = ["id", "person", "moment", "created_at"]
    list_select_related = ["person", "moment"]
