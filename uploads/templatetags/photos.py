from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from superapp.kernel.images import fitted
from uploads.models import Upload, Variant

register = template.Library()

SINGLE_EDGE = 320  # CSS pixels of a photo that stands alone


@register.simple_tag(takes_context=True)
def photo(context: template.Context, upload: Upload, variant: str = "thumb") -> SafeString:
    """The picture with its size known, so that nothing moves when it arrives."""
    width, height = upload.size_of(variant)
    return _img(context, upload, variant, width, height)


@register.simple_tag(takes_context=True)
def single_photo(context: template.Context, upload: Upload) -> SafeString:
    """A photo that stands alone: in its own shape, within a box."""
    width, height = fitted((upload.width, upload.height), SINGLE_EDGE)
    return _img(context, upload, Variant.MEDIUM, width, height)


@register.simple_tag(takes_context=True)
def photo_url(context: template.Context, upload: Upload, variant: str = "large") -> str:
    return upload.url_for(context["request"].user, variant)


@register.simple_tag(takes_context=True)
def file_url(context: template.Context, upload: Upload) -> str:
    """Of what is no picture: the video, the voice or the file itself."""
    return upload.form_url_for(context["request"].user)


def _img(context: template.Context, upload: Upload, variant: str, width: int, height: int) -> SafeString:
    attributes: list[Any] = [
        upload.url_for(context["request"].user, variant), width, height, upload.alt, upload.pk, upload.blurhash,
    ]  # fmt: skip
    return format_html(
        '<img class="photo" src="{}" width="{}" height="{}" alt="{}" loading="lazy" decoding="async"'
        ' data-upload="{}" data-blurhash="{}">',
        *attributes,
    )
