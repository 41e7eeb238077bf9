from django.contrib import admin

from superapp.kernel.admin import ReadOnlyAdmin

from .models import Upload


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    list_display = [
        "id",
        "owner",
        "kind",
        "state",
        "width",
        "height",
        "duration",
        "bytes",
        "failure",
        "created_at",
        "attached_at",
    ]
    list_filter = ["kind", "state", ("attached_at", admin.EmptyFieldListFilter)]
    list_select_related = ["owner"]
    search_fields = ["=owner__handle"]
