from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BotsConfig(AppConfig):
    name = "bots"
    verbose_name = _("bots")

    def ready(self) -> None:
        from chat import above

        from . import listening, notices

        above.on_message_created.append(listening.message_created)
        above.on_message_changed.append(listening.message_changed)
        above.on_member_changed.append(listening.member_changed)
        above.commands.append(listening.commands_in)
        notices.register()
