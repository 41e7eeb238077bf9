from .bot import Bot, SlashCommand
from .delivery import Delivery
from .webhook import Webhook

__all__ = ["Bot", "Delivery", "SlashCommand", "Webhook"]
