from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from chat.generation import begin_generation


class Command(BaseCommand):
    help = "After a backup has been restored: has every client read its conversations afresh."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"New generation: {begin_generation()}")
