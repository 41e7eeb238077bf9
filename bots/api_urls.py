from django.urls import path

from .api import bots, groups

urlpatterns = [
    path("bots/", bots.BotsView.as_view(), name="bots"),
    path("bots/self/", bots.SelfView.as_view(), name="bot-self"),
    path("bots/<str:handle>/", bots.BotView.as_view(), name="bot"),
    path("bots/<str:handle>/token/", bots.TokenView.as_view(), name="bot-token"),
    path("bots/<str:handle>/secret/", bots.SecretView.as_view(), name="bot-secret"),
    path("bots/<str:handle>/commands/", bots.CommandsView.as_view(), name="bot-commands"),
    path("bots/<str:handle>/commands/<str:name>/", bots.CommandView.as_view(), name="bot-command"),
    path("bots/<str:handle>/deliveries/", bots.DeliveriesView.as_view(), name="bot-deliveries"),
    path("bots/<str:handle>/deliveries/<uuid:pk>/again/", bots.AgainView.as_view(), name="bot-delivery-again"),
    path("conversations/<int:pk>/bots/", groups.GroupBotsView.as_view(), name="conversation-bots"),
    path("conversations/<int:pk>/commands/", groups.CommandsView.as_view(), name="conversation-commands"),
    path("conversations/<int:pk>/webhooks/", groups.WebhooksView.as_view(), name="webhooks"),
    path("webhooks/<int:pk>/", groups.WebhookView.as_view(), name="webhook"),
]
