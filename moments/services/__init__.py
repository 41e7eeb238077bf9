from .comments import comment_on_moment, delete_comment
from .likes import like_moment, unlike_moment
from .posting import change_audience, delete_moment, post_moment

__all__ = [
    "change_audience",
    "comment_on_moment",
    "delete_comment",
    "delete_moment",
    "like_moment",
    "post_moment",
    "unlike_moment",
]
