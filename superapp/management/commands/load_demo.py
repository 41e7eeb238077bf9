from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from superapp import demo


class Command(BaseCommand):
    help = "Builds the demo town in an empty development database."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEVELOPMENT:
            raise CommandError("The demo town is for development alone: everybody knows the password of its people.")
        if not demo.is_wanted():
            raise CommandError("There are people in this database already.")
        demo.load(self.stdout.write)
        for line in demo.how_to_sign_in():
            self.stdout.write(line)
