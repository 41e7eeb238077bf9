from __future__ import annotations

from django.db.models import Exists, OuterRef, Prefetch

from accounts.models import User

from .comment import Comment
from .like import Like
from .moment import COMMENTS_SHOWN, LIKES_SHOWN, MomentPhoto, MomentQuerySet


def with_card(moments: MomentQuerySet, viewer: User) -> MomentQuerySet:
    """All that a card of a moment shows, in a fixed number of queries however many moments there are.

    `moments` come from `visible_to(viewer)`, so what hangs on them need only ask who knows whom.
    """
    photos = MomentPhoto.objects.select_related("upload").order_by("position")
    likes = Like.objects.known_to(viewer).select_related("person").order_by("-pk")
    comments = Comment.objects.known_to(viewer).with_people().order_by("-pk")
    return (
        moments.select_related("author")  # type: ignore[no-redef]
        .annotate(is_liked=Exists(Like.objects.filter(moment=OuterRef("pk"), person=viewer)))
        .prefetch_related(
            Prefetch("photos", photos, to_attr="shown_photos"),
            Prefetch("likes", likes[: LIKES_SHOWN + 1], to_attr="latest_likes"),
            Prefetch("comments", comments[: COMMENTS_SHOWN + 1], to_attr="latest_comments"),
        )
    )
