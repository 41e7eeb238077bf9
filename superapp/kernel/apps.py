from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "superapp.kernel"
    label = "kernel"
