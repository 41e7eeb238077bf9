from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from chat.search.indexing import rebuild


class Command(BaseCommand):
    help = "Forget the index of messages and make it anew. Searches find less until it is through; nothing else waits."

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        for done in rebuild():
            if done % 100 == 0:
                self.stdout.write(f"{done} conversations")
        self.stdout.write(self.style.SUCCESS(f"{done} conversations are indexed."))
