"""Who is named in a message. `@handle` in its text is the name as it is kept; readers see what the person was called
then, which stands in the payload."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .models import Message

EVERYBODY = "all"  # no handle: it is reserved

# Not within an address of mail or of the web. Scripts without spaces put names right between their words.
_NAME = re.compile(r"(?<![A-Za-z0-9_.@/+-])@([A-Za-z][A-Za-z0-9_]{2,29})(?![A-Za-z0-9_])")


def names_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Where somebody may be named: beginning, end, handle."""
    for found in _NAME.finditer(text):
        yield found.start(), found.end(), found[1].lower()


def mentions_of(message: Message) -> dict[str, str]:
    """Handles of those a message names, and what they were called then; `all` for everybody."""
    kept = message.payload.get("mentions") if isinstance(message.payload, dict) else None
    return kept if isinstance(kept, dict) else {}
