from django.urls import path

from .api import conversations, members, messages, red_envelopes

urlpatterns = [
    path("conversations/", conversations.ConversationsView.as_view(), name="conversations"),
    path("conversations/<int:pk>/", conversations.ConversationView.as_view(), name="conversation"),
    path("conversations/<int:pk>/members/", members.MembersView.as_view(), name="members"),
    path("conversations/<int:pk>/members/<str:handle>/", members.MemberView.as_view(), name="member"),
    path("conversations/<int:pk>/messages/", messages.MessagesView.as_view(), name="messages"),
    path("conversations/<int:pk>/sync/", messages.SyncView.as_view(), name="sync"),
    path("conversations/<int:pk>/read/", messages.ReadView.as_view(), name="read"),
    path("conversations/<int:pk>/red-envelopes/", red_envelopes.NewRedEnvelopeView.as_view(), name="new-red-envelope"),
    path("red-envelopes/<int:pk>/", red_envelopes.RedEnvelopeView.as_view(), name="red-envelope"),
    path("red-envelopes/<int:pk>/claim/", red_envelopes.ClaimView.as_view(), name="red-envelope-claim"),
]
