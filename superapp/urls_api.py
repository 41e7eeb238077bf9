"""The REST root, /api/v1/. Each app lists its own routes."""

from django.urls import URLPattern, URLResolver

app_name = "api"

urlpatterns: list[URLPattern | URLResolver] = []
