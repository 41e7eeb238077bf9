from django.apps import AppConfig


class SuperappConfig(AppConfig):
    name = "superapp"
    label = "superapp"
