from django.urls import path

from . import views

app_name = "uploads"

urlpatterns = [
    path("files/<uuid:pk>/<slug:variant>.webp", views.file, name="file"),
]
