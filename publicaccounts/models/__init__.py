from .account import Follow, PublicAccount
from .article import Article, Broadcast
from .comment import Comment

__all__ = ["Article", "Broadcast", "Comment", "Follow", "PublicAccount"]
