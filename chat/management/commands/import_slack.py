from __future__ import annotations

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from chat.slack.archive import Archive, BadArchive
from chat.slack.importing import Report, import_export


class Command(BaseCommand):
    help = (
        "Bring in a Slack export: channels become groups, messages keep their times, threads become quotes. People are "
        "found by e-mail address or by --map, the rest become names that nobody can sign in to. Run again, it goes on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("zip", type=Path, help="the export, as Slack gives it out")
        parser.add_argument("--owner", required=True, help="the handle of the person who will own the groups")
        parser.add_argument(
            "--map", type=Path, help="CSV without heading: a Slack user's id, name or e-mail address, and a handle here"
        )
        parser.add_argument("--dry-run", action="store_true", help="only count what would come")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = User.objects.active().named(options["owner"]).first()
        if owner is None:
            raise CommandError(f"There is nobody called {options['owner']} here.")
        handles = _read_map(options["map"]) if options["map"] else {}
        try:
            archive = Archive(options["zip"])
            report = import_export(
                archive, owner=owner, handles=handles, tell=self.stdout.write, dry_run=options["dry_run"]
            )
        except BadArchive as error:
            raise CommandError(str(error)) from error
        archive.close()
        self._tell(report, dry_run=options["dry_run"])

    def _tell(self, report: Report, *, dry_run: bool) -> None:
        verb = "would come" if dry_run else "have come"
        self.stdout.write(
            self.style.SUCCESS(
                f"{report.messages:,} messages {verb}, in {report.groups:,} groups,"
                f" with {report.reactions:,} reactions."
            )
        )
        self.stdout.write(f"{report.people_known:,} people were known, {report.people_made:,} are new names.")
        for why, count in sorted(report.skipped.items()):
            self.stdout.write(f"left out: {count:,} × {why}")


def _read_map(path: Path) -> dict[str, str]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [row for row in csv.reader(file) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
    if any(len(row) != 2 for row in rows):
        raise CommandError(f"{path}: every line has two fields, one of Slack and a handle here.")
    handles = {there.strip().lower(): here.strip().removeprefix("@").lower() for there, here in rows}
    known = set(User.objects.active().filter(handle__in=handles.values()).values_list("handle", flat=True))
    if unknown := sorted(set(handles.values()) - known):
        raise CommandError(f"{path} names people who are not here: {', '.join(unknown[:10])}")
    return handles
