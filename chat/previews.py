"""Fetching what a link leads to. For tasks alone (tests/test_architecture.py): it waits for other people's servers."""

from __future__ import annotations

from io import BytesIO

from superapp.kernel.errors import Refused
from superapp.kernel.fetch import Answer, FetchFailed, fetch
from superapp.kernel.images import Picture, read_picture

from . import services
from .links import is_ours
from .models import LinkPreview
from .page_words import PageWords, host_of, words_of

PICTURE_BYTES_MAX = 5 * 1024 * 1024
PICTURE_SECONDS_MAX = 8
SMALLEST_EDGE = 48  # less is a spy's pixel or an icon
PAGES = {"text/html", "application/xhtml+xml", ""}
LANGUAGES = {"Accept-Language": "*"}


def preview_link(message_id: int) -> None:
    """Show what the first link of a message leads to. Whoever comes second for the same address waits for the first."""
    preview = services.await_preview(message_id=message_id)
    if preview is None:
        return
    if not preview.is_fresh:
        if services.claim_preview(preview=preview):
            words, picture = _look(preview)
            services.keep_preview(preview=preview, words=words, picture=picture)
        else:
            preview.refresh_from_db()
            if not preview.is_fresh:
                return  # the one who is fetching shows it to all who wait
    services.show_to_waiting(preview=preview)


def _look(preview: LinkPreview) -> tuple[PageWords, Picture | None]:
    try:
        answer = fetch(preview.url, headers={"Accept": "text/html,application/xhtml+xml,image/*;q=0.8", **LANGUAGES})
    except FetchFailed:
        return PageWords(), None
    if answer.status != 200 or is_ours(answer.url):
        return PageWords(), None
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith("image/"):
        picture = _decoded(answer)
        return PageWords(site_name=host_of(answer.url)) if picture else PageWords(), picture
    if kind not in PAGES:
        return PageWords(), None
    words = words_of(answer.body, answer.headers.get("content-type", ""), answer.url)
    return words, _picture_at(words.image) if words.title and words.image else None


def _picture_at(url: str) -> Picture | None:
    if is_ours(url):
        return None
    try:
        answer = fetch(url, headers={"Accept": "image/*"}, bytes_max=PICTURE_BYTES_MAX, seconds_max=PICTURE_SECONDS_MAX)
    except FetchFailed:
        return None
    return _decoded(answer) if answer.status == 200 else None


def _decoded(answer: Answer) -> Picture | None:
    if answer.cut_off:
        return None
    try:
        picture = read_picture(BytesIO(answer.body))
    except Refused:
        return None
    return picture if min(picture.size) >= SMALLEST_EDGE else None
