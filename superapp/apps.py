from django.apps import AppConfig


class SuperappConfig(AppConfig):
    name = "superapp"
    label = "superapp"

    def ready(self) -> None:
        from . import checks  # noqa: F401  (registers them)
