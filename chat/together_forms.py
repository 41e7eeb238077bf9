from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models.poll import QUESTION_LENGTH_MAX
from .models.sign_up import DESCRIPTION_LENGTH_MAX, ENTRY_LENGTH_MAX, EXAMPLE_LENGTH_MAX
from .models.sign_up import TITLE_LENGTH_MAX as LIST_TITLE_LENGTH_MAX
from .models.todo import TODO_LENGTH_MAX


class PollForm(forms.Form):
    """The options are so many inputs of one name; those left empty do not count."""

    client_id = forms.UUIDField()
    question = forms.CharField(max_length=QUESTION_LENGTH_MAX)
    is_multiple = forms.BooleanField(required=False)
    is_anonymous = forms.BooleanField(required=False)
    closes_at = forms.DateTimeField(required=False)


class ListForm(forms.Form):
    client_id = forms.UUIDField()
    title = forms.CharField(label=_("What for?"), max_length=LIST_TITLE_LENGTH_MAX)
    description = forms.CharField(
        label=_("Details"), max_length=DESCRIPTION_LENGTH_MAX, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    example = forms.CharField(
        label=_("Example of a line"),
        max_length=EXAMPLE_LENGTH_MAX,
        required=False,
        help_text=_("Shown where people write theirs."),
    )


class LineForm(forms.Form):
    text = forms.CharField(max_length=ENTRY_LENGTH_MAX, required=False)


class TodoForm(forms.Form):
    text = forms.CharField(label=_("What is everybody to do?"), max_length=TODO_LENGTH_MAX, required=False)
    message = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class ScheduleForm(forms.Form):
    """Words for later, and when: in an hour, tomorrow morning, or at a time of one's own (in one's own zone)."""

    HOUR, TOMORROW, OWN = "hour", "tomorrow", "own"
    CHOICES = [(HOUR, _("In 1 hour")), (TOMORROW, _("Tomorrow at 9:00")), (OWN, _("Choose a time"))]

    text = forms.CharField(label=_("Message"), widget=forms.Textarea(attrs={"rows": 3}), strip=True)
    when = forms.ChoiceField(choices=CHOICES)
    send_at = forms.DateTimeField(required=False)
    silent = forms.BooleanField(required=False)
    reply_to = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        here = timezone.localtime()
        if cleaned.get("when") == self.HOUR:
            cleaned["send_at"] = here + timedelta(hours=1)
        elif cleaned.get("when") == self.TOMORROW:
            cleaned["send_at"] = (here + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
        elif not cleaned.get("send_at") and "send_at" not in self.errors:
            self.add_error("send_at", _("Choose a time."))
        return cleaned
