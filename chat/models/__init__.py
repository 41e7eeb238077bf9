from .conversation import Conversation
from .generation import Generation
from .member import Member
from .message import Message, MessagePhoto

__all__ = ["Conversation", "Generation", "Member", "Message", "MessagePhoto"]
