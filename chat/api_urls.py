from django.urls import path

from . import api

urlpatterns = [
    path("conversations/", api.ConversationsView.as_view(), name="conversations"),
    path("conversations/<int:pk>/", api.ConversationView.as_view(), name="conversation"),
    path("conversations/<int:pk>/members/", api.MembersView.as_view(), name="members"),
    path("conversations/<int:pk>/members/<str:handle>/", api.MemberView.as_view(), name="member"),
    path("conversations/<int:pk>/messages/", api.MessagesView.as_view(), name="messages"),
    path("conversations/<int:pk>/sync/", api.SyncView.as_view(), name="sync"),
    path("conversations/<int:pk>/read/", api.ReadView.as_view(), name="read"),
    path("conversations/<int:pk>/red-envelopes/", api.NewRedEnvelopeView.as_view(), name="new-red-envelope"),
    path("red-envelopes/<int:pk>/", api.RedEnvelopeView.as_view(), name="red-envelope"),
    path("red-envelopes/<int:pk>/claim/", api.ClaimView.as_view(), name="red-envelope-claim"),
]
