from django.urls import path

from . import views

app_name = "wallet"

urlpatterns = [
    path("wallet/", views.home, name="home"),
    path("wallet/bills/", views.entry_list, name="entries"),
    path("wallet/bills/<int:pk>/", views.entry_detail, name="entry"),
    path("wallet/top-up/", views.top_up, name="top_up"),
    path("wallet/top-up/confirm/", views.confirm_top_up, name="confirm_top_up"),
    path("wallet/red-envelopes/", views.red_envelope_list, name="red_envelopes"),
    path("wallet/red-envelopes/<int:pk>/", views.red_envelope_detail, name="red_envelope"),
]
