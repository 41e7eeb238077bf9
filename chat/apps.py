from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatConfig(AppConfig):
    name = "chat"
    verbose_name = _("chat")

    def ready(self) -> None:
        from accounts import events
        from notifications.services import register_badge
        from uploads import events as uploads_events

        from . import group_notices, notices
        from .cards import person_card, register_card
        from .services.settling import show_settled

        events.on_friendship.append(notices.greet_new_friends)
        register_badge("chats", notices.count_unread)
        notices.register()
        uploads_events.on_settled.append(show_settled)
        register_card("person", person_card)
        group_notices.register()
