from .admission import Admission
from .conversation import Conversation
from .edit import MessageEdit, RecalledText
from .export import Export
from .generation import Generation
from .heard import VoiceHeard
from .imported import ImportedChannel
from .invite import Invite
from .link_preview import AwaitedPreview, LinkPreview
from .member import Member
from .message import Attachment, Message
from .poll import Poll, PollVote
from .privacy import ChatPrivacy
from .reaction import Reaction
from .record import Record, RecordFile
from .saved import SavedFile, SavedItem
from .scheduled import ScheduledMessage
from .search_progress import SearchProgress
from .sign_up import SignUp, SignUpList
from .sticker import AddedPack, CustomEmoji, FavouriteSticker, Sticker, StickerPack
from .todo import Todo, TodoTick

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
    "ImportedChannel",
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
