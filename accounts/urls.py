from django.urls import path, register_converter

from . import views
from .handles import HandleConverter

register_converter(HandleConverter, "handle")

app_name = "accounts"

urlpatterns = [
    path("contacts/", views.contacts, name="contacts"),
    path("contacts/add/", views.add, name="add"),
    path("contacts/requests/", views.requests, name="requests"),
    path("contacts/requests/<int:pk>/accept/", views.accept_request, name="accept_request"),
    path("contacts/requests/<int:pk>/decline/", views.decline_request, name="decline_request"),
    path("contacts/tags/", views.tags, name="tags"),
    path("contacts/tags/<int:pk>/", views.tag, name="tag"),
    path("contacts/tags/<int:pk>/delete/", views.delete_tag, name="delete_tag"),
    path("people/<handle:handle>/", views.profile, name="profile"),
    path("people/<handle:handle>/request/", views.request_friend, name="request_friend"),
    path("people/<handle:handle>/edit/", views.edit_friend, name="edit_friend"),
    path("people/<handle:handle>/remove/", views.remove_friend, name="remove_friend"),
    path("people/<handle:handle>/block/", views.block, name="block"),
    path("people/<handle:handle>/unblock/", views.unblock, name="unblock"),
    path("me/profile/", views.edit_profile, name="edit_profile"),
    path("me/privacy/", views.privacy, name="privacy"),
    path("me/blocks/", views.blocks, name="blocks"),
    path("avatars/<slug:token>.webp", views.avatar, name="avatar"),
]
