from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from superapp import search, views

urlpatterns = [
    path("", views.home, name="home"),
    path("me/", views.me, name="me"),
    path("me/settings/", views.preferences, name="settings"),
    path("me/time-zone/", views.time_zone, name="time_zone"),
    path("discover/", views.discover, name="discover"),
    path("search/", search.search, name="search"),
    path("language/", views.language, name="language"),
    path("demo/<str:handle>/sign-in/", views.demo_sign_in, name="demo_sign_in"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("service-worker.js", views.service_worker, name="service_worker"),
    path("styles/<slug:version>.css", views.stylesheet, name="stylesheet"),
    path("offline/", views.offline, name="offline"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("admin/", admin.site.urls),
    path("account/", include("allauth.account.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("api/v1/", include("superapp.urls_api")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("", include("accounts.urls")),
    path("", include("uploads.urls")),
    path("", include("notifications.urls")),
    path("", include("chat.urls")),
    path("", include("publicaccounts.urls")),
    path("", include("bots.urls")),
    path("", include("moments.urls")),
    path("", include("wallet.urls")),
]

handler400 = "superapp.error_pages.bad_request"
handler404 = "superapp.error_pages.not_found"
handler500 = "superapp.error_pages.server_error"
