"""Slack's marks as plain text."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from chat.emoji import one_emoji

_MARK = re.compile(r"<([^<>\n]*)>")
_SHORT_NAME = re.compile(r":([a-z0-9_+'-]{1,50}):(?::skin-tone-\d:)?")
# The short names that make up nearly all of what people choose; others stay words between colons.
EMOJI = {
    "+1": "👍", "thumbsup": "👍", "-1": "👎", "thumbsdown": "👎", "heart": "❤️", "smile": "😄",
    "smiley": "😃", "grinning": "😀", "grin": "😁", "joy": "😂", "rolling_on_the_floor_laughing": "🤣",
    "slightly_smiling_face": "🙂", "blush": "😊", "wink": "😉", "heart_eyes": "😍", "kissing_heart": "😘",
    "thinking_face": "🤔", "sweat_smile": "😅", "cry": "😢", "sob": "😭", "scream": "😱", "rage": "😡",
    "sunglasses": "😎", "neutral_face": "😐", "upside_down_face": "🙃", "face_with_rolling_eyes": "🙄",
    "shrug": "🤷", "facepalm": "🤦", "face_palm": "🤦", "clap": "👏", "wave": "👋", "pray": "🙏",
    "muscle": "💪", "ok_hand": "👌", "raised_hands": "🙌", "point_up": "☝️", "eyes": "👀", "fire": "🔥",
    "100": "💯", "tada": "🎉", "rocket": "🚀", "star": "⭐", "star2": "🌟", "sparkles": "✨", "zap": "⚡",
    "boom": "💥", "white_check_mark": "✅", "heavy_check_mark": "✔️", "x": "❌", "warning": "⚠️",
    "question": "❓", "exclamation": "❗", "bulb": "💡", "memo": "📝", "calendar": "📅", "coffee": "☕",
    "tea": "🍵", "beer": "🍺", "beers": "🍻", "cake": "🎂", "birthday": "🎂", "pizza": "🍕", "gift": "🎁",
    "trophy": "🏆", "bug": "🐛", "wrench": "🔧", "hammer": "🔨", "lock": "🔒", "key": "🔑", "mag": "🔍",
    "bell": "🔔", "hourglass": "⌛", "sunny": "☀️", "snowflake": "❄️", "dog": "🐶", "cat": "🐱",
    "broken_heart": "💔", "blue_heart": "💙", "green_heart": "💚", "yellow_heart": "💛",
    "purple_heart": "💜", "skull": "💀", "poop": "💩", "robot_face": "🤖", "ghost": "👻",
    "see_no_evil": "🙈", "hugging_face": "🤗",
}  # fmt: skip


def emoji_of(name: Any) -> str | None:
    """Of a reaction. None: there is no such emoji here."""
    if not isinstance(name, str):
        return None
    known = EMOJI.get(name.partition("::")[0])
    return one_emoji(known) if known else None


def plain_text(text: str, people: Mapping[str, str]) -> str:
    """Names for people's ids, addresses beside their words, emoji for their short names."""

    def unmarked(found: re.Match[str]) -> str:
        target, _, label = found[1].partition("|")
        if target.startswith("@"):
            return f"@{label or people.get(target[1:], target[1:])}"
        if target.startswith("#"):
            return f"#{label or target[1:]}"
        if target.startswith("!"):
            return label or f"@{target[1:].partition('^')[0]}"
        address = target.removeprefix("mailto:")
        return f"{label} ({address})" if label and label not in {address, target} else address

    words = _SHORT_NAME.sub(lambda found: EMOJI.get(found[1], found[0]), _MARK.sub(unmarked, text))
    return html.unescape(words).replace("\x00", "").strip()
