"""Names as people write them: cleaned when they come in, and sorted under a letter where they are listed."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right

# Marks that turn the writing direction or cannot be seen: one name could pass for another with them. The joiners
# (U+200C, U+200D) stay, since Persian, Indic scripts and emoji need them.
_INVISIBLE = frozenset("\u00ad\u061c\u180e\u200b\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\ufff9\ufffa\ufffb") | {
    chr(code)
    for start, end in [(0x202A, 0x202E), (0x2066, 0x206F), (0xE0001, 0xE0001)]
    for code in range(start, end + 1)
}
_JOINERS = "\u200c\u200d"

# The common characters of GB 2312 stand in the order of their pinyin; where each initial letter begins.
_GB_STARTS = [
    0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8,
    0xC4C3, 0xC5B6, 0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1,
]  # fmt: skip
_GB_INITIALS = "ABCDEFGHJKLMNOPQRSTWXYZ"
_GB_END = 0xD7F9


def clean_line(text: str) -> str:
    """One line without control characters and invisible marks, spaces made single."""
    text = unicodedata.normalize("NFC", text)
    kept = (" " if character.isspace() else character for character in text if character not in _INVISIBLE)
    line = " ".join("".join(c for c in kept if unicodedata.category(c) not in {"Cc", "Cs"}).split())
    return line if line.strip(_JOINERS + " ") else ""


def initial_of(name: str) -> str:
    """The heading under which a name is listed: A to Z, or # for what has no Latin initial."""
    first = unicodedata.normalize("NFKD", name[:1])[:1].upper()
    if "A" <= first <= "Z":
        return first
    return _pinyin_initial(name[:1]) or "#"


def sort_key(name: str) -> tuple[bool, str, str]:
    initial = initial_of(name)
    return initial == "#", initial, name.casefold()


def _pinyin_initial(character: str) -> str:
    try:
        code = int.from_bytes(character.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return ""
    return _GB_INITIALS[bisect_right(_GB_STARTS, code) - 1] if _GB_STARTS[0] <= code <= _GB_END else ""
