"""The HTML of articles: the few elements the editor knows, and nothing else, whichever door it came through."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import nh3
from django.utils.html import escape

# What the editor may make. The allow-list below is the same set seen from the server.
EXTENSIONS: dict[str, Any] = {
    "Heading": {"levels": [2, 3]},
    "Bold": True,
    "Italic": True,
    "Strike": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "Menu": {
        "groups": [
            {"group": group}
            for group in ("marks", "link", "blockType -lists", "lists", "nodes -blockType -lists", "history")
        ]
    },
}
_BLOCKS = {"p", "h2", "h3", "ul", "ol", "blockquote", "hr"}
_TAGS = _BLOCKS | {"li", "strong", "em", "s", "a", "br"}
_SCHEMES = {"http", "https", "mailto"}
_LINK_REL = "nofollow noopener ugc"

_OLD_NAMES = [
    (re.compile(r"<(/?)b(?=[\s/>])", re.IGNORECASE), r"<\1strong"),
    (re.compile(r"<(/?)i(?=[\s/>])", re.IGNORECASE), r"<\1em"),
    (re.compile(r"<(/?)(?:del|strike)(?=[\s/>])", re.IGNORECASE), r"<\1s"),
    (re.compile(r"<(/?)h1(?=[\s/>])", re.IGNORECASE), r"<\1h2"),
    (re.compile(r"<(/?)h[456](?=[\s/>])", re.IGNORECASE), r"<\1h3"),
]
_BLOCK_START = re.compile(rf"<(?:{'|'.join(sorted(_BLOCKS))})[\s/>]")
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_EMPTY = re.compile(r"(?:\s|<br>)*\Z")
_BETWEEN_BLOCKS = re.compile(r"</?(?:p|h2|h3|ul|ol|li|blockquote|hr|br)\b[^>]*>")
_PASSES_MAX = 6


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Links lead to other pages by their full address, or to a mailbox."""
    try:
        scheme = urlsplit(value.strip()).scheme
    except ValueError:
        return None
    return value if name != "href" or scheme.lower() in _SCHEMES else None


_cleaner = nh3.Cleaner(
    tags=_TAGS,
    attributes={"a": {"href"}},
    attribute_filter=_attribute,
    url_schemes=_SCHEMES,
    link_rel=_LINK_REL,
    strip_comments=True,
)
_stripper = nh3.Cleaner(tags=set())


def clean(html: str) -> str:
    """Safe HTML out of anything. Cleaning what is clean changes nothing. Plain text becomes paragraphs."""
    html = html.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    for old, new in _OLD_NAMES:
        html = old.sub(new, html)
    for _turn in range(_PASSES_MAX):
        cleaned = _one_pass(html)
        if cleaned == html:
            return cleaned
        html = cleaned
    # Markup that never comes to rest is nobody's honest work: its words are kept, its elements are not.
    return _paragraphs(escape(plain(html)))


def _one_pass(html: str) -> str:
    html = _cleaner.clean(html)
    if not _BLOCK_START.search(html):
        html = _cleaner.clean(_paragraphs(html))
    return _without_empty_edges(html)


def _without_empty_edges(html: str) -> str:
    """No empty paragraphs before the first word and after the last, as editors leave them."""
    html = html.strip()
    while html.startswith("<p>") and _EMPTY.match(html[3 : html.find("</p>")]):
        html = html[html.find("</p>") + 4 :].lstrip()
    while html.endswith("</p>") and (start := html.rfind("<p>")) >= 0 and _EMPTY.match(html[start + 3 : -4]):
        html = html[:start].rstrip()
    return html


def _paragraphs(text: str) -> str:
    """Text as it is typed into a plain box: a blank line ends a paragraph, a line end is a line end."""
    parts = (part.strip() for part in _BLANK_LINES.split(text.strip()))
    return "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in parts if part)


def plain(html: str) -> str:
    """The words alone, on one line: for summaries, and to tell whether there are any."""
    return " ".join(unescape(_stripper.clean(_BETWEEN_BLOCKS.sub(" ", html))).split())
