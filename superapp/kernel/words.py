"""Text as search sees it: folded, and cut into what an index can hold, for every script.

Languages with spaces are cut into words, and a word is found by how it begins. Chinese, Japanese, Korean, Thai, Lao,
Khmer, Burmese and Tibetan do not say where a word ends: they are cut into overlapping pairs of characters, which narrow
the candidates; `Query.matches` then reads the text itself. One tokeniser for both databases, so both find the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

WORD_LENGTH_MAX = 40  # of longer words only the beginning is indexed; the text is read whole
QUERY_PARTS_MAX = 12

# Letters that decompose into nothing simpler, but that people type as their plain relatives.
_RELATIVES = {
    "ı": "i", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ħ": "h",
    "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ٱ": "ا", "ـ": "",
}  # fmt: skip
# Marks that readers pass over: accents of Latin, Greek and Cyrillic, vowel points of Hebrew and Arabic.
# The vowel signs of Devanagari or Thai, and the voicing marks of kana, make another word and stay.
_LIGHT_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u1ab0-\u1aff]")
_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}

_UNSPACED = (
    "\u3005\u3007\u3031-\u3035\u303b\u3040-\u30fa\u30fc-\u30ff\u3100-\u312f\u31a0-\u31bf\u31f0-\u31ff"  # kana, bopomofo
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"  # Hangul
    "\u0e00-\u0e3a\u0e40-\u0e4e\u0e80-\u0eff\u0f40-\u0fbc\u1000-\u104f\u1780-\u17d3\u1950-\u19ff\u1a20-\u1a7f\ua9e0-\ua9ff\uaa60-\uaa7f"
)
_RUN = re.compile(f"[{_UNSPACED}]+")
# The Arabic article, and what is written together with it: the noun is looked for without it.
_ARTICLE = re.compile("[وبفك]?ال(?=...)|لل(?=...)")


@lru_cache(maxsize=65536)
def _fold_character(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cf", "Co", "Cs", "Cc"} and character not in "\n\t":
        return ""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    folded = unicodedata.normalize("NFKC", character).casefold()
    folded = _LIGHT_MARKS.sub("", unicodedata.normalize("NFD", folded))
    folded = unicodedata.normalize("NFC", folded)
    return "".join(_RELATIVES.get(part, part) for part in folded).translate(_KATAKANA_TO_HIRAGANA)


def fold(text: str) -> str:
    """Without what readers pass over: case, accents, width, kind of kana."""
    return unicodedata.normalize("NFC", "".join(map(_fold_character, unicodedata.normalize("NFC", text))))


def _pieces(folded: str) -> Iterator[tuple[str, bool]]:
    """Words, and runs of a script without spaces (True), in order. A picture character is a run of its own."""
    word: list[str] = []
    run: list[str] = []
    for character in folded:
        unspaced = _RUN.match(character) is not None
        category = unicodedata.category(character)
        lettered = category[0] in "LNM"
        if word and (unspaced or not lettered):
            yield "".join(word), False
            word = []
        if run and not unspaced:
            yield "".join(run), True
            run = []
        if unspaced:
            run.append(character)
        elif lettered:
            word.append(character)
        elif category in {"So", "Sk"} and ord(character) > 0x2000:
            yield character, True
    if word:
        yield "".join(word), False
    if run:
        yield "".join(run), True


def tokens(text: str) -> set[str]:
    """What the index keeps of a text."""
    found: set[str] = set()
    for piece, unspaced in _pieces(fold(text)):
        if unspaced:
            found.update(piece[at : at + 2] for at in range(len(piece)))  # the last one is a single character
        else:
            found.update(beginning[:WORD_LENGTH_MAX] for beginning in _beginnings(piece))
    return found


def _beginnings(word: str) -> list[str]:
    """From where a word may be looked for: its first letter, and the one after its article."""
    article = _ARTICLE.match(word)
    return [word, word[article.end() :]] if article else [word]


@dataclass(frozen=True)
class Query:
    """What somebody looks for. Every word and every run must be there, in any order; what stands in quotation marks
    must be there as it stands."""

    words: tuple[str, ...]  # each begins a word of the text
    runs: tuple[str, ...]  # each stands in the text
    phrases: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.words or self.runs)

    @property
    def whole_tokens(self) -> set[str]:
        return {run[at : at + 2] for run in self.runs for at in range(len(run) - 1)}

    @property
    def prefixes(self) -> set[str]:
        single = {run for run in self.runs if len(run) == 1}
        return single | {word[:WORD_LENGTH_MAX] for word in self.words}

    def matches(self, text: str) -> bool:
        folded = fold(text)
        if not all(run in folded for run in self.runs):
            return False
        if self.phrases and not all(phrase in " ".join(folded.split()) for phrase in self.phrases):
            return False
        if not self.words:
            return True
        present = [one for piece, unspaced in _pieces(folded) if not unspaced for one in _beginnings(piece)]
        return all(any(one.startswith(word) for one in present) for word in self.words)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where in the text (composed, NFC) the hits stand, in order and apart."""
        folded, origins = _fold_with_origins(text)
        found = [
            (hit.start(), hit.end())
            for part in dict.fromkeys((*self.phrases, *self.runs))
            for hit in re.finditer(re.escape(part), folded)
        ]
        for word in self.words:
            found += [
                (hit.start(), hit.end())
                for hit in re.finditer(re.escape(word), folded)
                if hit.start() == 0 or not _goes_on(folded[hit.start() - 1]) or folded[: hit.start()].endswith("ال")
            ]
        return _joined([(origins[start], origins[end - 1] + 1) for start, end in sorted(found)])


def read_query(text: str) -> Query:
    """A query as people type it."""
    folded = fold(text.replace("“", '"').replace("”", '"').replace("„", '"').replace("«", '"').replace("»", '"'))
    phrases = tuple(phrase for found in re.findall(r'"([^"]+)"', folded) if (phrase := " ".join(found.split())))
    pieces = list(dict.fromkeys(_pieces(folded)))[:QUERY_PARTS_MAX]
    return Query(
        words=tuple(piece for piece, unspaced in pieces if not unspaced),
        runs=tuple(piece for piece, unspaced in pieces if unspaced),
        phrases=phrases,
    )


def composed(text: str) -> str:
    """The text as `Query.spans` counts it."""
    return unicodedata.normalize("NFC", text)


def _fold_with_origins(text: str) -> tuple[str, list[int]]:
    parts, origins = [], []
    for at, character in enumerate(composed(text)):
        folded = _fold_character(character)
        parts.append(folded)
        origins += [at] * len(folded)
    return "".join(parts), origins


def _goes_on(character: str) -> bool:
    """Whether a word that stands after this character is only the rest of one."""
    return unicodedata.category(character)[0] in "LNM" and _RUN.match(character) is None


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    apart: list[tuple[int, int]] = []
    for start, end in spans:
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart
