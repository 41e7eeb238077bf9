"""What bubbles of voices, videos, files and places are drawn with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from uploads.models import Upload

register = template.Library()

BAR, STEP, TALL = 2.5, 4, 28
_ICONS = {
    "file-archive": "zip 7z rar gz tar bz2 xz",
    "file-audio": "mp3 ogg oga m4a flac wav opus",
    "file-image": "jpg jpeg png gif webp heic svg psd",
    "file-spreadsheet": "xls xlsx ods csv tsv",
    "file-text": "txt md pdf doc docx odt rtf epub",
    "file-video": "mp4 mov mkv webm avi",
    "presentation": "ppt pptx odp key",
    "file-code": "py js ts html css json xml yml sh c h cpp rs go java",
}
_ICON_OF = {ending: name for name, endings in _ICONS.items() for ending in endings.split()}


@register.simple_tag
def wave(upload: Upload) -> SafeString:
    """How loud a voice is, as bars; a few flat ones where that is not known yet."""
    peaks = upload.peaks or [6] * 24
    bars = ((at * STEP, TALL / 2 - _height(peak) / 2, BAR, _height(peak)) for at, peak in enumerate(peaks))
    return format_html(
        '<svg class="voice-wave" viewBox="0 0 {} {}" width="{}" height="{}" preserveAspectRatio="none"'
        ' aria-hidden="true">{}</svg>',
        len(peaks) * STEP, TALL, len(peaks) * STEP, TALL,
        format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}" rx="1.25"/>', bars),
    )  # fmt: skip


def _height(peak: int) -> float:
    return round(3 + (TALL - 3) * peak / 100, 1)


@register.filter
def clock(seconds: float | None) -> str:
    """1:05, as players show it."""
    whole = round(seconds or 0)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


@register.filter
def spoken_clock(seconds: float | None) -> str:
    return gettext("%(count)s seconds") % {"count": round(seconds or 0)}


@register.filter
def file_icon(name: str) -> str:
    return _ICON_OF.get(name.rpartition(".")[2].lower(), "file")


@register.simple_tag(takes_context=True)
def form_url(context: template.Context, upload: Upload) -> str:
    return upload.form_url_for(context["request"].user)


@register.filter
def map_link(place: Mapping[str, Any]) -> str:
    at = f"{place['latitude']}/{place['longitude']}"
    return f"https://www.openstreetmap.org/?mlat={place['latitude']}&mlon={place['longitude']}#map=16/{at}"


@register.filter
def map_window(place: Mapping[str, Any]) -> str:
    """Which part of the drawn streets stands for this place: always the same one."""
    x = int(abs(place["longitude"]) * 1000) % 360
    y = int(abs(place["latitude"]) * 1000) % 200
    return f"{x} {y} 240 110"
