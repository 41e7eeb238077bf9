"""What a page of the web says of itself: OpenGraph, Twitter cards, title. For pages as they are."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from accounts.names import clean_line

from .models.link_preview import DESCRIPTION_LENGTH_MAX, SITE_NAME_LENGTH_MAX, TITLE_LENGTH_MAX, URL_LENGTH_MAX

READ_MAX = 512 * 1024  # bytes of a page in which its head is looked for

# Labels that mean another charset in practice, as browsers read them. What is not here is read as UTF-8.
_CHARSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs", "big5hkscs": "big5hkscs",
    "shift_jis": "cp932", "cp932": "cp932", "euc_jp": "euc_jp", "iso2022_jp": "iso2022_jp", "euc_kr": "cp949",
    "cp949": "cp949", "koi8-r": "koi8-r", "koi8-u": "koi8-u", "ascii": "cp1252", "iso8859-1": "cp1252",
    "utf-8": "utf-8", "utf-16": "utf-16", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be", "tis-620": "cp874",
    "iso8859-9": "cp1254", "iso8859-11": "cp874",
    **{f"cp{number}": f"cp{number}" for number in (866, 874, *range(1250, 1259))},
    **{f"iso8859-{number}": f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
}  # fmt: skip
_BOMS = [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")]
_DECLARED = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)
_NAMED = re.compile(r"charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)


@dataclass(frozen=True)
class PageWords:
    title: str = ""
    description: str = ""
    site_name: str = ""
    image: str = ""  # an address


def words_of(page: bytes, content_type: str, url: str) -> PageWords:
    head = _Head()
    head.feed(_text(page[:READ_MAX], content_type))
    head.close()
    found = head.found
    image = _first(found, "og:image:secure_url", "og:image:url", "og:image", "twitter:image", "twitter:image:src")
    return PageWords(
        title=clean_line(_first(found, "og:title", "twitter:title", "title"))[:TITLE_LENGTH_MAX],
        description=clean_line(_first(found, "og:description", "twitter:description", "description"))[
            :DESCRIPTION_LENGTH_MAX
        ],
        site_name=clean_line(_first(found, "og:site_name", "application-name") or host_of(url))[:SITE_NAME_LENGTH_MAX],
        image=_address(url, image),
    )


def host_of(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _first(found: dict[str, str], *names: str) -> str:
    return next((found[name] for name in names if found.get(name, "").strip()), "")


def _address(base: str, found: str) -> str:
    try:
        address = urljoin(base, found.strip()) if found.strip() else ""
    except ValueError:
        return ""
    return address if address.startswith(("http://", "https://")) and len(address) <= URL_LENGTH_MAX else ""


def _text(page: bytes, content_type: str) -> str:
    for mark, charset in _BOMS:
        if page.startswith(mark):
            return page[len(mark) :].decode(charset, "replace")
    declared = _DECLARED.search(page[:4096])
    named = _NAMED.search(content_type)
    label = named[1] if named else declared[1].decode("ascii", "replace") if declared else "utf-8"
    return page.decode(_charset(label), "replace")


def _charset(label: str) -> str:
    """By the name Python gives it; never one of the codecs that are no charset."""
    try:
        return _CHARSETS.get(codecs.lookup(label).name, "utf-8")
    except (LookupError, ValueError):
        return "utf-8"


@dataclass
class _Head(HTMLParser):
    """The first word of each name counts. What comes after the head is looked at all the same: many put it there."""

    found: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self, convert_charrefs=True)
        self._title: list[str] | None = None
        self._in_drawing = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            said = {name: value or "" for name, value in attrs}
            name = (said.get("property") or said.get("name") or "").strip().lower()
            if name and said.get("content", "").strip():
                self.found.setdefault(name, said["content"])
        elif tag == "title" and "title" not in self.found and not self._in_drawing:
            self._title = []
        elif tag == "svg":
            self._in_drawing = True

    def handle_data(self, data: str) -> None:
        if self._title is not None:
            self._title.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._end_title()
        elif tag == "svg":
            self._in_drawing = False

    def close(self) -> None:
        super().close()
        self._end_title()

    def _end_title(self) -> None:
        if self._title is not None:
            self.found.setdefault("title", "".join(self._title))
            self._title = None
