"""Jinja2 for the few pieces of a page that are drawn a hundred times on it (docs/adr/0014).

Everything else is Django's own templates. A piece lies beside them, in a file that ends in `.jinja`.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, ngettext, pgettext
from jinja2 import Environment, StrictUndefined

from superapp.kernel.addresses import address
from superapp.templatetags import ui


def environment(**options: Any) -> Environment:
    made = Environment(**(options | {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}))  # noqa: S701
    made.globals |= {
        "_": gettext,
        "ngettext": ngettext,
        "pgettext": pgettext,
        "url": address,
        "icon": ui.icon,
        "avatar": ui.avatar,
        "ago": ui.ago,
    }
    made.filters["badge_number"] = ui.badge_number
    return made
