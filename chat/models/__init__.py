from .conversation import Conversation
from .generation import Generation
from .link_preview import LinkPreview
from .member import Member
from .message import Attachment, Message

__all__ = ["Attachment", "Conversation", "Generation", "LinkPreview", "Member", "Message"]
