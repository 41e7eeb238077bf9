from .card import with_card
from .comment import Answered, Comment
from .like import Like
from .moment import Moment, MomentPhoto

__all__ = ["Answered", "Comment", "Like", "Moment", "MomentPhoto", "with_card"]
