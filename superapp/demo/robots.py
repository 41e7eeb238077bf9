"""The program among the people: a bot of Tom's that tells the hikers the weather, through a webhook like any other."""

from __future__ import annotations

from io import BytesIO

import bots.services as bot_services
import chat.services as chat_services
from accounts.models import User
from chat.models import Conversation, Member, Message
from chat.page_words import PageWords
from superapp.kernel.images import read_picture

from . import scenes

FORECAST = {
    "blocks": [
        {"type": "header", "text": {"type": "plain_text", "text": "⛅ Saturday at the north gate"}},
        {
            "type": "section",
            "fields": [
                {"type": "mrkdwn", "text": "07:00  9 °C, mist until half past eight"},
                {"type": "mrkdwn", "text": "12:00  17 °C, sun, wind 12 km/h on the ridge"},
                {"type": "mrkdwn", "text": "15:00  a shower is likely :warning:"},
            ],
        },
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "<https://weather.example/north-gate|All hours>"}]},
    ]
}
PAGE = PageWords(
    title="North gate: weather for hikers",
    description="Hour by hour for the gate, the ridge and the lake. Updated every morning at five.",
    site_name="weather.example",
)
COMMANDS = [("weather", "[day]", "The weather on the trail"), ("sunrise", "", "When the sun comes up")]


def bring_in_weather(*, owner: User, hikes: Conversation) -> None:
    bot = bot_services.create_bot(
        owner=owner,
        handle="trail_weather_bot",
        name="Trail weather",
        description="Posts the forecast before every hike.",
    )
    for name, hint, description in COMMANDS:
        bot_services.add_command(owner=owner, bot=bot, name=name, hint=hint, description=description)
    _webhook, token = bot_services.create_webhook(actor=owner, conversation=hikes, bot=bot)
    message = bot_services.receive_post(token=token, payload=FORECAST)
    _show_page(message)
    hikes.refresh_from_db()
    Member.objects.filter(conversation=hikes, read_seq__gte=message.seq - 5).update(read_seq=hikes.head)


def _show_page(message: Message) -> None:
    """What the link leads to, as it would have been fetched; the demo town asks no server."""
    preview = chat_services.await_preview(message_id=message.pk)
    assert preview is not None
    picture = read_picture(BytesIO(scenes.draw("mountains", 7)))
    chat_services.keep_preview(preview=preview, words=PAGE, picture=picture)
    chat_services.show_to_waiting(preview=preview)
