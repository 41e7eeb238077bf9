from django.urls import path

from . import views

app_name = "chat"

urlpatterns = [
    path("chats/", views.conversation_list, name="list"),
    path("chats/new/", views.new_group, name="new_group"),
    path("chats/with/<str:handle>/", views.open_direct, name="open_direct"),
    path("chats/<int:pk>/", views.conversation_detail, name="detail"),
    path("chats/<int:pk>/messages/", views.send, name="send"),
    path("chats/<int:pk>/changes/", views.changes, name="changes"),
    path("chats/<int:pk>/older/", views.older, name="older"),
    path("chats/<int:pk>/read/", views.read, name="read"),
    path("chats/<int:pk>/info/", views.info, name="info"),
    path("chats/<int:pk>/info/group/", views.change_group, name="change_group"),
    path("chats/<int:pk>/info/settings/", views.change_settings, name="change_settings"),
    path("chats/<int:pk>/members/", views.add_members, name="add_members"),
    path("chats/<int:pk>/members/<str:handle>/remove/", views.remove_member, name="remove_member"),
    path("chats/<int:pk>/leave/", views.leave, name="leave"),
    path("chats/<int:pk>/red-envelope/", views.send_red_envelope, name="send_red_envelope"),
    path("red-envelopes/<int:pk>/", views.red_envelope, name="red_envelope"),
    path("red-envelopes/<int:pk>/claim/", views.claim_red_envelope, name="claim_red_envelope"),
]
    path("link-previews/<int:pk>.webp", views.preview_image, name="preview_image"),
    path("messages/<int:pk>/preview/remove/", views.remove_preview, name="remove_preview"),
