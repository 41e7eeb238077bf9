from django.urls import path

from . import views

app_name = "bots"

urlpatterns = [
    path("hooks/<str:token>/", views.hook, name="hook"),
    path("bots/", views.bot_list, name="list"),
    path("bots/new/", views.new_bot, name="new"),
    path("bots/<str:handle>/", views.detail, name="detail"),
    path("bots/<str:handle>/token/", views.token, name="token"),
    path("bots/<str:handle>/token/revoke/", views.revoke_token, name="revoke_token"),
    path("bots/<str:handle>/secret/", views.secret, name="secret"),
    path("bots/<str:handle>/ping/", views.ping, name="ping"),
    path("bots/<str:handle>/commands/", views.add_command, name="add_command"),
    path("bots/<str:handle>/commands/<str:name>/remove/", views.remove_command, name="remove_command"),
    path("bots/<str:handle>/deliveries/", views.deliveries, name="deliveries"),
    path("bots/<str:handle>/deliveries/<uuid:pk>/again/", views.send_again, name="send_again"),
    path("bots/<str:handle>/remove/", views.remove_bot, name="remove"),
    path("chats/<int:pk>/bots/", views.group, name="group"),
    path("chats/<int:pk>/bots/add/", views.add_bot, name="add"),
    path("chats/<int:pk>/webhooks/", views.new_webhook, name="new_webhook"),
    path("webhooks/<int:pk>/remove/", views.remove_webhook, name="remove_webhook"),
]
