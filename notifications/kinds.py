"""The kinds of notification there are. Each app registers its own in `AppConfig.ready`.

Apps above are not imported here: they bring a sentence, a way to the page, and the rule of who may still see it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from accounts.models import User

    from .models import Notification

Url = Callable[["Notification"], str]
Visible = Callable[["User", set[Any]], Iterable[Any]]
Details = Callable[["Notification"], dict[str, Any]]


class _Words(dict[str, Any]):
    """A word missing from `data` leaves a gap, never an error."""

    def __missing__(self, key: str) -> str:
        return ""


@dataclass(frozen=True)
class Kind:
    code: str
    _sentence: str | Promise
    url: Url
    visible: Visible | None
    email_default: bool
    _label: str | Promise
    icon: str
    _details: Details | None

    @property
    def label(self) -> str:
        """What the settings page calls it."""
        return str(self._label) or str(self._sentence) % _Words(actor=_("Somebody"))

    def _words(self, notification: Notification) -> _Words:
        details = self._details(notification) if self._details else notification.details()
        return _Words(details, actor=notification.actor.display_name if notification.actor else "")

    def say(self, notification: Notification) -> str:
        return str(self._sentence) % self._words(notification)

    def say_html(self, notification: Notification) -> SafeString:
        """The same sentence with each name and quoted text isolated, whichever way its script runs."""
        words = {
            name: format_html("<b><bdi>{}</bdi></b>" if name == "actor" else "<bdi>{}</bdi>", value)
            for name, value in self._words(notification).items()
        }
        return mark_safe(str(conditional_escape(str(self._sentence))) % _Words(words))  # noqa: S308 - both are escaped


_kinds: dict[str, Kind] = {}


def register(
    code: str,
    sentence: str | Promise,
    url: Url,
    visible: Visible | None = None,
    email_default: bool = False,
    *,
    label: str | Promise = "",
    icon: str = "bell",
    details: Details | None = None,
) -> None:
    """Make a kind known.

    `sentence` has `%(actor)s` and the names in `data` (or in what `details(notification)` answers, for instance an
    amount written in the reader's language). `visible(recipient, target_ids)` answers those of the ids that the
    recipient may see now; without it a notification of this kind is always shown.
    """
    _kinds[code] = Kind(code, sentence, url, visible, email_default, label, icon, details)


def get(code: str) -> Kind:
    return _kinds[code]


def every() -> list[Kind]:
    return list(_kinds.values())


def codes() -> list[str]:
    return list(_kinds)


def hidden_targets(viewer: User, about: dict[str, set[str]]) -> Iterator[tuple[list[str], set[str]]]:
    """For kinds that share a rule: which of the targets (as text) the viewer may not see."""
    by_rule: dict[Visible, tuple[list[str], set[str]]] = {}
    for code, target_ids in about.items():
        if rule := get(code).visible:
            codes_of_rule, ids_of_rule = by_rule.setdefault(rule, ([], set()))
            codes_of_rule.append(code)
            ids_of_rule |= target_ids
    for rule, (codes_of_rule, target_ids) in by_rule.items():
        typed = {int(target_id) if target_id.isdecimal() else target_id for target_id in target_ids}
        seen = {str(target_id) for target_id in rule(viewer, typed)}
        if hidden := target_ids - seen:
            yield codes_of_rule, hidden
