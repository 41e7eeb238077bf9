from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from wallet import audit


class Command(BaseCommand):
    help = "Count the whole ledger again. Prints what does not agree; the exit code is 1 if anything does not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, default=1000, help="stop after so many findings (default 1000)")

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for finding in audit.findings():
            self.stderr.write(str(finding))
            count += 1
            if count >= options["limit"]:
                break
        if count:
            self.stderr.write(self.style.ERROR(f"{count} findings"))
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS("The books agree."))
