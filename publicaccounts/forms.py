from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import ProseEditorWidget

from .models import Article, PublicAccount
from .rich_text import EXTENSIONS

_PROMPT = _("Tell your readers something…")


class AccountForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=50)
    bio = forms.CharField(
        label=_("About"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What readers will find here."),
    )
    avatar = forms.FileField(label=_("Picture"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"}))


class NewAccountForm(AccountForm):
    handle = forms.CharField(
        label=_("Handle"),
        max_length=30,
        help_text=_("3 to 30 small letters, digits or underscores. It stays as it is."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "dir": "ltr"}),
    )
    field_order = ["name", "handle", "bio", "avatar"]


class EditAccountForm(AccountForm):
    is_closed = forms.BooleanField(
        label=_("Closed"),
        required=False,
        help_text=_("Nobody but you sees a closed account and its articles, until you open it again."),
    )

    @classmethod
    def of(cls, account: PublicAccount) -> EditAccountForm:
        return cls(initial={"name": account.name, "bio": account.bio, "is_closed": account.is_closed})


class ArticleForm(forms.Form):
    title = forms.CharField(
        label=_("Title"),
        max_length=100,
        required=False,
        widget=forms.Textarea(attrs={"rows": 1, "placeholder": _("Title"), "dir": "auto", "autocomplete": "off"}),
    )
    body = forms.CharField(
        label=_("Text"),
        max_length=settings.ARTICLE_LENGTH_MAX,
        required=False,
        strip=False,
        widget=ProseEditorWidget(
            config={"extensions": EXTENSIONS | {"Placeholder": {"placeholder": _PROMPT}}},
            preset="configurable",
            attrs={"rows": 16, "placeholder": _PROMPT},
        ),
    )
    digest = forms.CharField(
        label=_("Summary"),
        max_length=160,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("Shown in lists and in the inbox. Without one, the article's first words are."),
    )
    cover = forms.FileField(label=_("Cover"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"}))
    remove_cover = forms.BooleanField(label=_("Remove the cover"), required=False)

    @classmethod
    def of(cls, article: Article) -> ArticleForm:
        return cls(initial={"title": article.title, "body": article.body_html, "digest": article.digest})

    def words(self) -> dict[str, Any]:
        """What the service takes; the picture goes its own way."""
        return {name: self.cleaned_data[name] for name in ("title", "body", "digest")}
