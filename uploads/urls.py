from django.urls import path

from . import views

app_name = "uploads"

urlpatterns = [
    path("files/<uuid:pk>/retry/", views.retry, name="retry"),
    path("files/<uuid:pk>/<str:name>", views.file, name="file"),
]
