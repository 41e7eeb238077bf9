"""What programs post to Slack, in readable words: `text`, `attachments`, `blocks`, mrkdwn.

Written against what is sent, not against what is documented: every value may be missing or of another type, and nothing
of it is trusted. What comes out is plain text; web addresses in it become links where it is shown.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from accounts.names import clean_line

PARTS_MAX = 100  # blocks, attachments, elements of one list
DEPTH_MAX = 6
NAME_MAX = 50

_ANGLED = re.compile(r"<([^<>\n]{1,2000})>")
_SHORTCODE = re.compile(r":([a-z0-9_+-]{1,40}):")
_EMOJI = {
    "tada": "🎉", "rocket": "🚀", "warning": "⚠️", "white_check_mark": "✅", "heavy_check_mark": "✔️", "x": "❌",
    "no_entry": "⛔", "fire": "🔥", "bug": "🐛", "robot_face": "🤖", "robot": "🤖", "ghost": "👻", "bell": "🔔",
    "+1": "👍", "thumbsup": "👍", "-1": "👎", "thumbsdown": "👎", "eyes": "👀", "smile": "😄", "wave": "👋",
    "heart": "❤️",
    "rotating_light": "🚨", "red_circle": "🔴", "large_green_circle": "🟢", "large_yellow_circle": "🟡", "star": "⭐",
    "hourglass": "⌛", "hammer": "🔨", "wrench": "🔧", "package": "📦", "lock": "🔒", "key": "🔑", "calendar": "📅",
    "chart_with_upwards_trend": "📈", "chart_with_downwards_trend": "📉", "computer": "💻", "email": "📧", "link": "🔗",
    "information_source": "ℹ️", "question": "❓", "exclamation": "❗", "zap": "⚡", "construction": "🚧", "memo": "📝",
    "party_popper": "🎉", "sos": "🆘", "octocat": "🐙", "sunny": "☀️", "coffee": "☕", "clap": "👏", "pray": "🙏",
}  # fmt: skip


def text_of(payload: Any, *, called: str) -> str:
    """The words of a payload. `called` is the name they will stand under; another `username` stands above them."""
    if not isinstance(payload, dict):
        return ""
    blocks = "\n".join(_blocks(payload.get("blocks"), DEPTH_MAX))
    said = blocks or _said(payload, "text")  # beside blocks, `text` is for notifications
    whole = "\n\n".join(part for part in [said, *_attachments(payload.get("attachments"))] if part).strip()
    if not whole:
        return ""
    name = clean_line(_plain(payload, "username"))[:NAME_MAX]
    icon = _emoji_of(_plain(payload, "icon_emoji").strip())
    heading = " ".join(part for part in (icon, name if name != called else "") if part)
    return f"{heading}\n{whole}" if heading else whole


def readable(text: str) -> str:
    """mrkdwn as plain text: links with their address, names without brackets, emoji by their picture."""
    text = _ANGLED.sub(lambda match: _angled(match[1]), text)
    return html.unescape(_SHORTCODE.sub(lambda match: _EMOJI.get(match[1], match[0]), text)).replace("\x00", "")


def _angled(inner: str) -> str:
    target, _, label = inner.partition("|")
    if target.startswith(("http://", "https://", "mailto:", "tel:")):
        address = target.removeprefix("mailto:").removeprefix("tel:")
        return f"{label} ({address})" if label and label not in (target, address) else address
    if target.startswith("@"):
        return f"@{label or target[1:]}"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!date^"):
        return label
    if target.startswith("!"):
        return label or f"@{target[1:].partition('^')[0]}"
    return f"<{inner}>"


def _emoji_of(shortcode: str) -> str:
    return _EMOJI.get(shortcode.strip(":"), "")


def _plain(of: dict[str, Any], name: str) -> str:
    value = of.get(name)
    return value.replace("\x00", "") if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def _said(of: dict[str, Any], name: str) -> str:
    return readable(_plain(of, name)).strip()


def _object_text(value: Any) -> str:
    """A text object `{type, text}`, or the text itself."""
    if isinstance(value, dict):
        text = _plain(value, "text")
        return text.strip() if value.get("type") == "plain_text" else readable(text).strip()
    return readable(value).strip() if isinstance(value, str) else ""


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    return (one for one in value[:PARTS_MAX] if isinstance(one, dict)) if isinstance(value, list) else iter(())


def _attachments(value: Any) -> Iterator[str]:
    for attachment in _dicts(value):
        lines = list(_attachment(attachment)) or [_said(attachment, "fallback")]
        yield "\n".join(line for line in lines if line)


def _attachment(attachment: dict[str, Any]) -> Iterator[str]:
    yield from filter(None, [_said(attachment, "pretext"), _plain(attachment, "author_name").strip()])
    title, link = _said(attachment, "title"), _plain(attachment, "title_link")
    if title:
        yield f"{title} ({link})" if link.startswith(("http://", "https://")) else title
    yield from filter(None, [_said(attachment, "text")])
    for field in _dicts(attachment.get("fields")):
        yield ": ".join(filter(None, [_said(field, "title"), _said(field, "value")]))
    yield from _blocks(attachment.get("blocks"), DEPTH_MAX)
    image = _plain(attachment, "image_url")
    yield from filter(None, [image if image.startswith(("http://", "https://")) else "", _said(attachment, "footer")])


def _blocks(value: Any, depth: int) -> Iterator[str]:
    for block in _dicts(value):
        reader = _BLOCKS.get(_plain(block, "type"))
        if reader is not None:
            yield from filter(None, reader(block, depth))


def _section(block: dict[str, Any], depth: int) -> Iterator[str]:
    yield _object_text(block.get("text"))
    fields = block.get("fields")
    yield from (_object_text(field) for field in (fields[:PARTS_MAX] if isinstance(fields, list) else []))
    accessory = block.get("accessory")
    if isinstance(accessory, dict):
        yield from _element(accessory)


def _context(block: dict[str, Any], depth: int) -> Iterator[str]:
    texts = (
        _plain(one, "alt_text") if one.get("type") == "image" else _object_text(one)
        for one in _dicts(block.get("elements"))
    )
    yield " · ".join(text for text in texts if text)


def _image(block: dict[str, Any], depth: int) -> Iterator[str]:
    words = [_object_text(block.get("title")) or _plain(block, "alt_text"), _plain(block, "image_url")]
    yield " ".join(word for word in words if word)


def _actions(block: dict[str, Any], depth: int) -> Iterator[str]:
    for element in _dicts(block.get("elements")):
        yield from _element(element)


def _element(element: dict[str, Any]) -> Iterator[str]:
    """A button leads somewhere, or it is of no use here."""
    url = _plain(element, "url")
    if url.startswith(("http://", "https://")):
        yield f"{_object_text(element.get('text'))} ({url})".strip()


def _rich_text(block: dict[str, Any], depth: int) -> Iterator[str]:
    for part in _dicts(block.get("elements")):
        yield from _rich_part(part, depth)


def _rich_part(part: dict[str, Any], depth: int) -> Iterator[str]:
    if depth <= 0:
        return
    kind = _plain(part, "type")
    if kind == "rich_text_list":
        ordered = part.get("style") == "ordered"
        for number, item in enumerate(_dicts(part.get("elements")), start=1):
            mark = f"{number}." if ordered else "•"
            yield f"{mark} {' '.join(_rich_part(item, depth - 1))}"
    elif kind == "rich_text_quote":
        yield f"> {_run(part)}"
    elif kind in {"rich_text_section", "rich_text_preformatted"}:
        yield _run(part).strip("\n")


def _run(part: dict[str, Any]) -> str:
    return "".join(_inline(one) for one in _dicts(part.get("elements")))


def _inline(one: dict[str, Any]) -> str:
    kind = _plain(one, "type")
    if kind == "link":
        label, url = _plain(one, "text"), _plain(one, "url")
        return f"{label} ({url})" if label and label != url else url
    if kind == "emoji":
        return _EMOJI.get(_plain(one, "name"), f":{_plain(one, 'name')}:")
    names = {"user": "user_id", "channel": "channel_id", "broadcast": "range", "usergroup": "usergroup_id"}
    if kind in names:
        return f"{'#' if kind == 'channel' else '@'}{_plain(one, names[kind])}"
    return _plain(one, "text") or _plain(one, "fallback")


def _one(words: Callable[[dict[str, Any]], str]) -> Callable[[dict[str, Any], int], Iterable[str]]:
    return lambda block, depth: [words(block)]


_BLOCKS: dict[str, Callable[[dict[str, Any], int], Iterable[str]]] = {
    "section": _section,
    "header": _one(lambda block: _object_text(block.get("text"))),
    "markdown": _one(lambda block: _plain(block, "text").strip()),
    "divider": _one(lambda block: "—"),
    "context": _context,
    "image": _image,
    "actions": _actions,
    "rich_text": _rich_text,
    "video": _one(lambda block: f"{_object_text(block.get('title'))} {_plain(block, 'title_url')}".strip()),
}
