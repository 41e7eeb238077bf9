import gettext
import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import override_settings
from django.utils.translation import to_locale

from superapp.translations import compile_stale

CATALOGUE = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Chats"
msgstr "%s"
"""


def test_a_changed_catalogue_is_compiled_and_an_unchanged_one_left_alone(tmp_path: Path) -> None:
    source = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(CATALOGUE % "聊天")

    with override_settings(LOCALE_PATHS=[tmp_path]):
        assert compile_stale() == [source]
        assert compile_stale() == []

    with source.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Chats") == "聊天"


CATALOGUES = sorted((settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%\((\w+)\)s|\{(\w+)\}|</?[a-z]+>")


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_sentence_is_translated_with_its_placeholders(path: Path) -> None:
    catalogue = polib.pofile(str(path))

    assert [entry.msgid for entry in catalogue.untranslated_entries() + catalogue.fuzzy_entries()] == []
    for entry in catalogue:
        wanted = placeholders(entry.msgid) | placeholders(entry.msgid_plural)
        for said in [entry.msgstr] if entry.msgstr else entry.msgstr_plural.values():
            missing = wanted - placeholders(said)
            assert placeholders(said) <= wanted, entry.msgid
            assert not missing or (entry.msgid_plural and len(missing) == 1), entry.msgid  # "a friend" needs no number


def placeholders(text: str) -> set[str]:
    return {found.group() for found in PLACEHOLDER.finditer(text)}


def test_every_language_on_offer_has_a_catalogue() -> None:
    offered = {to_locale(code) for code, _name in settings.LANGUAGES} - {"en"}

    assert {path.parts[-3] for path in CATALOGUES} == offered
