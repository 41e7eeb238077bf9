import gettext
from pathlib import Path

from django.test import override_settings

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
