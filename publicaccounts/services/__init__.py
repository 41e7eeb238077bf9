from .accounts import change_account, change_account_avatar, open_account
from .articles import delete_article, edit_article, publish_article, write_article
from .comments import comment_on_article, delete_comment
from .follows import follow_account, part_on_block, unfollow_account

__all__ = [
    "change_account",
    "change_account_avatar",
    "comment_on_article",
    "delete_article",
    "delete_comment",
    "edit_article",
    "follow_account",
    "open_account",
    "part_on_block",
    "publish_article",
    "unfollow_account",
    "write_article",
]
