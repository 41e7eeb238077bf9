"""The REST root, /api/v1/. Each app lists its own routes."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "api"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("accounts.api_urls")),
    path("", include("uploads.api_urls")),
    path("", include("notifications.api_urls")),
    path("", include("publicaccounts.api_urls")),
    path("", include("moments.api_urls")),
    path("", include("wallet.api_urls")),
    path("", include("chat.api_urls")),
    path("", include("bots.api_urls")),
]
