"""All style sheets as one: `css/app.css` with its imports put in, so that a page waits for one file, not for thirty.

The files stay as they are on disk, there is no build step. The address carries the version, and may be kept for ever.
"""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).parent / "static" / "css"
_IMPORT = re.compile(r'@import url\("([^"]+)"\);')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENT = re.compile(r"\n\s*")


@dataclass(frozen=True)
class Sheet:
    text: bytes
    files: tuple[Path, ...]
    newest: int

    @cached_property
    def version(self) -> str:
        return sha256(self.text).hexdigest()[:12]

    @cached_property
    def compressed(self) -> bytes:
        return gzip.compress(self.text, mtime=0)


_kept: dict[str, Sheet] = {}


def sheet() -> Sheet:
    kept = _kept.get("sheet")
    if kept and not (settings.DEVELOPMENT and _newest(kept.files) != kept.newest):
        return kept
    _kept["sheet"] = _read()
    return _kept["sheet"]


def _newest(files: tuple[Path, ...]) -> int:
    return max((file.stat().st_mtime_ns for file in files if file.exists()), default=0)


def _read() -> Sheet:
    entry = ROOT / "app.css"
    text = entry.read_text()
    files = (entry, *(ROOT / name for name in _IMPORT.findall(text)))
    newest = _newest(files)
    whole = _IMPORT.sub(lambda found: _text_of(ROOT / found[1]), text)
    text = _INDENT.sub("\n", _COMMENT.sub("", whole)).strip()
    return Sheet(text.encode(), files, newest)


def _text_of(file: Path) -> str:
    return file.read_text() if file.exists() else ""
