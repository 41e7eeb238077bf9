from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicAccountsConfig(AppConfig):
    name = "publicaccounts"
    verbose_name = _("public accounts")

    def ready(self) -> None:
        from chat.cards import register_card

        from . import notices
        from .cards import account_card, article_card

        notices.register()
        register_card("article", article_card)
        register_card("public_account", account_card)
