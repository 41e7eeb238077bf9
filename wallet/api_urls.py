from django.urls import path

from . import api

urlpatterns = [
    path("wallet/", api.WalletView.as_view(), name="wallet"),
    path("wallet/entries/", api.EntriesView.as_view(), name="wallet-entries"),
    path("wallet/top-ups/", api.TopUpsView.as_view(), name="wallet-top-ups"),
]
