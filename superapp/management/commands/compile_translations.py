from typing import Any

from django.core.management.base import BaseCommand

from superapp.translations import compile_stale


class Command(BaseCommand):
    help = "Compiles changed translations (.po to .mo)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        compiled = compile_stale()
        for path in compiled:
            self.stdout.write(str(path))
        self.stdout.write(f"{len(compiled)} compiled.")
