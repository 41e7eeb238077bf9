"""Compiles `locale/*/LC_MESSAGES/django.po` to `.mo` without the gettext programs, which a fresh machine lacks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import polib
from django.conf import settings


def compile_stale() -> list[Path]:
    """Compile every catalogue that is newer than its compiled form; those that were compiled."""
    stale = [source for source in _sources() if _is_stale(source)]
    for source in stale:
        target = source.with_suffix(".mo")
        draft = target.with_suffix(f".{os.getpid()}.part")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)
    return stale


def _sources() -> Iterator[Path]:
    for folder in settings.LOCALE_PATHS:
        yield from sorted(Path(folder).glob("*/LC_MESSAGES/*.po"))


def _is_stale(source: Path) -> bool:
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime
