from __future__ import annotations

from typing import Any

from django import forms

from . import kinds


class EmailSettingsForm(forms.Form):
    """One switch for each kind there is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in kinds.every():
            self.fields[kind.code] = forms.BooleanField(
                label=kind.label, required=False, widget=forms.CheckboxInput(attrs={"role": "switch"})
            )
