from .conversation import Conversation
from .generation import Generation
from .heard import VoiceHeard
from .invite import Invite
from .link_preview import AwaitedPreview, LinkPreview
from .member import Member
from .message import Attachment, Message

__all__ = [
    "AddedPack",
    "Admission",
    "Attachment",
    "AwaitedPreview",
    "ChatPrivacy",
    "Conversation",
    "CustomEmoji",
    "Export",
    "FavouriteSticker",
    "Generation",
    "Invite",
    "LinkPreview",
    "Member",
    "Message",
    "MessageEdit",
    "Poll",
    "PollVote",
    "Reaction",
    "RecalledText",
    "Record",
    "RecordFile",
    "SavedFile",
    "SavedItem",
    "ScheduledMessage",
    "SearchProgress",
    "SignUp",
    "SignUpList",
    "Sticker",
    "StickerPack",
    "Todo",
    "TodoTick",
    "VoiceHeard",
]
