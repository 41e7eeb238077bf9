"""What the sign-in page asks before anybody is signed in."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.translation import get_language_info

from accounts.models import User
from superapp import demo_people as people

register = template.Library()


@register.simple_tag
def demo_people() -> list[User]:
    return people.shown() if settings.DEVELOPMENT else []


@register.simple_tag
def nobody_yet() -> bool:
    """Whether the first administrator has still to be made."""
    return not User.objects.exists()


@register.simple_tag
def languages() -> list[tuple[str, str]]:
    """Each language in its own words."""
    return [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]
