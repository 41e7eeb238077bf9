from django.urls import path

from . import views

app_name = "moments"

urlpatterns = [
    path("moments/", views.timeline, name="timeline"),
    path("moments/new/", views.new, name="new"),
    path("moments/<int:pk>/", views.detail, name="detail"),
    path("moments/<int:pk>/audience/", views.change_audience, name="change_audience"),
    path("moments/<int:pk>/delete/", views.delete, name="delete"),
    path("moments/<int:pk>/like/", views.like, name="like"),
    path("moments/<int:pk>/unlike/", views.unlike, name="unlike"),
    path("moments/<int:pk>/comment/", views.comment, name="comment"),
    path("moments/<int:pk>/comments/", views.comments, name="comments"),
    path("moments/comments/<int:pk>/delete/", views.delete_comment, name="delete_comment"),
    path("people/<str:handle>/moments/", views.person, name="person"),
]
