from django.urls import path

from . import api

urlpatterns = [
    path("notifications/", api.NotificationList.as_view(), name="notifications"),
    path("notifications/read/", api.NotificationsRead.as_view(), name="notifications_read"),
    path("notifications/settings/", api.NotificationSettings.as_view(), name="notifications_settings"),
]
