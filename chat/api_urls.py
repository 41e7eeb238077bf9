from django.urls import path

from .api import actions, conversations, members, messages, previews, red_envelopes, saved, search

urlpatterns = [
    path("conversations/", conversations.ConversationsView.as_view(), name="conversations"),
    path("conversations/<int:pk>/", conversations.ConversationView.as_view(), name="conversation"),
    path("conversations/<int:pk>/members/", members.MembersView.as_view(), name="members"),
    path("conversations/<int:pk>/members/<str:handle>/", members.MemberView.as_view(), name="member"),
    path("conversations/<int:pk>/messages/", messages.MessagesView.as_view(), name="messages"),
    path("conversations/<int:pk>/sync/", messages.SyncView.as_view(), name="sync"),
    path("conversations/<int:pk>/read/", messages.ReadView.as_view(), name="read"),
    path("conversations/<int:pk>/red-envelopes/", red_envelopes.NewRedEnvelopeView.as_view(), name="new-red-envelope"),
    path("messages/<int:pk>/", actions.MessageView.as_view(), name="message"),
    path("messages/<int:pk>/edits/", actions.EditsView.as_view(), name="message-edits"),
    path("messages/<int:pk>/recall/", actions.RecallView.as_view(), name="message-recall"),
    path("messages/<int:pk>/reactions/", actions.ReactionsView.as_view(), name="message-reactions"),
    path("messages/<int:pk>/reactions/<str:emoji>/", actions.ReactionView.as_view(), name="message-reaction"),
    path("messages/<int:pk>/forward/", actions.ForwardView.as_view(), name="message-forward"),
    path("messages/<int:pk>/record/", actions.RecordView.as_view(), name="message-record"),
    path("saved/", saved.SavedItemsView.as_view(), name="saved-items"),
    path("saved/<int:pk>/", saved.SavedItemView.as_view(), name="saved-item"),
    path("messages/<int:pk>/preview/", previews.PreviewView.as_view(), name="message-preview"),
    path("search/messages/", search.MessageSearchView.as_view(), name="search-messages"),
    path("red-envelopes/<int:pk>/", red_envelopes.RedEnvelopeView.as_view(), name="red-envelope"),
    path("red-envelopes/<int:pk>/claim/", red_envelopes.ClaimView.as_view(), name="red-envelope-claim"),
]
