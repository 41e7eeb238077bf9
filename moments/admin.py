from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from superapp.kernel.admin import ReadOnlyAdmin

from .models import Comment, Like, Moment, MomentPhoto

# What somebody posted for nobody but himself is nobody else's to read, not even here.
FOR_OTHERS = ~Q(audience_mode=Moment.Audience.PRIVATE)
ABOUT_FOR_OTHERS = ~Q(moment__audience_mode=Moment.Audience.PRIVATE)


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

    def get_queryset(self, request: HttpRequest) -> QuerySet[Moment]:
        return super().get_queryset(request).filter(FOR_OTHERS)


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    list_display = ["id", "author", "__str__", "moment", "created_at"]
    list_select_related = ["author", "moment"]
    search_fields = ["=author__handle", "text"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        return super().get_queryset(request).filter(ABOUT_FOR_OTHERS)


@admin.register(Like)
class LikeAdmin(ReadOnlyAdmin):
    list_display = ["id", "person", "moment", "created_at"]
    list_select_related = ["person", "moment"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Like]:
        return super().get_queryset(request).filter(ABOUT_FOR_OTHERS)
