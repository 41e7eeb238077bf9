from django.urls import path
from rest_framework.routers import SimpleRouter

from .api.friends import Blocks, FriendRequests, Friends, FriendTags
from .api.me import Me
from .api.people import People, Profile

router = SimpleRouter()
router.register("friend-requests", FriendRequests, "friend-requests")
router.register("friends", Friends, "friends")
router.register("friend-tags", FriendTags, "friend-tags")
router.register("blocks", Blocks, "blocks")

urlpatterns = [
    path("me/", Me.as_view(), name="me"),
    path("people/", People.as_view(), name="people"),
    path("people/<str:handle>/", Profile.as_view(), name="person"),
    *router.urls,
]
