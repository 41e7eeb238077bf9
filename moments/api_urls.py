from django.urls import path
from rest_framework.routers import SimpleRouter

from . import api

router = SimpleRouter(use_regex_path=False)
router.register("moments", api.MomentViewSet, basename="moment")

urlpatterns = [
    *router.urls,
    path("moments/<int:pk>/comments/", api.MomentCommentsView.as_view(), name="moment-comments"),
    path("moment-comments/<int:pk>/", api.CommentView.as_view(), name="moment-comment"),
    path("people/<str:handle>/moments/", api.PersonMomentsView.as_view(), name="person-moments"),
]
