from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatConfig(AppConfig):
    name = "chat"
    verbose_name = _("chat")

    def ready(self) -> None:
        from accounts import events
        from notifications.services import register_badge

        from . import notices

        events.on_friendship.append(notices.greet_new_friends)
        register_badge("chats", notices.count_unread)
