from __future__ import annotations

from datetime import datetime, timedelta

from babel.dates import format_timedelta
from django import template
from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.translation import get_language, gettext, to_locale

from accounts.models import User
from chat.models import Conversation
from chat.wording import card_label, greeting_or_default, linked, summary

register = template.Library()
register.filter("linked", linked)
register.filter("summary", summary)
register.filter("card_label", card_label)
register.filter("greeting", greeting_or_default)


@register.filter
def day(at: datetime) -> str:
    """The heading of a day in a conversation: today and yesterday by name, this week by weekday, else the date."""
    local, today = timezone.localtime(at).date(), timezone.localdate()
    age = (today - local).days
    if age == 0:
        return gettext("Today")
    if age == 1:
        return gettext("Yesterday")
    if 1 < age < 7:
        return format_date(local, "l")
    return format_date(local, "DATE_FORMAT")


@register.filter
def title_for(conversation: Conversation, viewer: User) -> str:
    return conversation.title_for(viewer)


@register.filter
def span(length: timedelta) -> str:
    """How long something took, in the largest unit that says it."""
    return format_timedelta(length, threshold=1.5, locale=to_locale(get_language() or "en"))
