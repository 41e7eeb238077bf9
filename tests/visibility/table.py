"""Who may see what, through which door. This table is the rule; `matrix.py` walks it.

A door is `own` when its address names the thing: whoever may not see it gets the answer of an address that names
nothing. It is `among` others when the thing is one part of what is shown there: whoever may not see it does not find
it. `file` is the address of a picture, which only the pages that show the picture give out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils.timezone import now

from tests.make import PASSWORD

from .town import VIEWERS, canary

EVERYBODY = " ".join(name for name in VIEWERS if name != "guest")
NOT_BLOCKED = " ".join(name for name in VIEWERS if name not in {"guest", "mallory"})


@dataclass(frozen=True)
class Door:
    kind: str
    address: str
    sees: frozenset[str] | None = None  # where it differs from the noun's
    shows: str | None = None
    picture: str = ""


@dataclass(frozen=True)
class Noun:
    sees: frozenset[str]
    shows: str
    doors: tuple[Door, ...]


def _names(sees: str | None) -> frozenset[str] | None:
    return None if sees is None else frozenset(sees.split())


def own(address: str, sees: str | None = None, shows: str | None = None) -> Door:
    return Door("own", address, _names(sees), shows)


def among(address: str, sees: str | None = None, shows: str | None = None) -> Door:
    return Door("among", address, _names(sees), shows)


def file(picture: str, shown_at: str) -> Door:
    return Door("file", shown_at, picture=picture)


def noun(sees: str, shows: str, *doors: Door) -> Noun:
    seers = frozenset(sees.split())
    full = (replace(door, sees=seers if door.sees is None else door.sees, shows=door.shows or shows) for door in doors)
    return Noun(seers, shows, tuple(full))


NOUNS: dict[str, Noun] = {
    # People
    "profile": noun(
        NOT_BLOCKED, canary("profile"),
        own("/people/{alice}/"), own("/api/v1/people/{alice}/"),
        own("/people/{alice}/moments/", shows='href="/people/alice/"'),
        among("/api/v1/people/?q=alice", shows='"handle":"alice"'),
        among("/contacts/add/?q=alice", sees=NOT_BLOCKED.replace("alice", ""), shows='href="/people/alice/"'),
    ),
    "avatar": noun(EVERYBODY, "WEBP", own("/avatars/{avatar}.webp")),
    "remark": noun(
        "alice", canary("remark"),
        among("/contacts/"), among("/people/bob/"), among("/people/bob/edit/"), among("/chats/"),
        among("/api/v1/friends/"), among("/api/v1/people/bob/"),
    ),
    "friend request": noun(
        "alice charlie", canary("request"),
        among("/contacts/requests/"),
        among("/api/v1/friend-requests/?box=in", sees="alice"),
        among("/api/v1/friend-requests/?box=out", sees="charlie"),
    ),
    "friend tag": noun(
        "alice", canary("tag"),
        own("/contacts/tags/{tag}/"), among("/contacts/tags/"), among("/api/v1/friend-tags/"), among("/people/bob/"),
        among("/api/v1/people/bob/"), among("/api/v1/friends/"),
    ),
    # Moments
    "moment": noun(
        "alice bob carol", canary("moment"),
        own("/moments/{moment}/"), own("/moments/{moment}/comments/", shows="comment"),
        own("/api/v1/moments/{moment}/"), own("/api/v1/moments/{moment}/comments/", shows="results"),
        among("/moments/"), among("/people/alice/moments/"),
        among("/api/v1/moments/"), among("/api/v1/people/alice/moments/"),
    ),
    "private moment": noun(
        "alice", canary("private"),
        own("/moments/{private}/"), own("/api/v1/moments/{private}/"),
        among("/moments/"), among("/people/alice/moments/"),
        among("/api/v1/moments/"), among("/api/v1/people/alice/moments/"),
    ),
    "comment on a moment": noun(  # by Bob, whom Carol does not know
        "alice bob", canary("comment"),
        among("/moments/{moment}/"), among("/moments/{moment}/comments/"), among("/moments/"),
        among("/api/v1/moments/{moment}/"), among("/api/v1/moments/{moment}/comments/"), among("/api/v1/moments/"),
        among("/notifications/", sees="alice"), among("/api/v1/notifications/", sees="alice"),
    ),
    "like of a moment": noun(  # by Lena, whom Carol does not know
        "alice bob", canary("lena"),
        among("/moments/{moment}/"), among("/moments/"), among("/people/alice/moments/"),
        among("/api/v1/moments/{moment}/"), among("/api/v1/moments/"),
        among("/contacts/"), among("/api/v1/friends/"),
    ),
    "photo of a moment": noun(
        "alice bob carol", canary("moment_photo"),
        among("/moments/{photo_moment}/"), among("/api/v1/moments/{photo_moment}/"),
        file("moment_photo", "/moments/{photo_moment}/"), file("moment_photo", "/api/v1/moments/{photo_moment}/"),
    ),
    # Chats
    "conversation": noun(
        "alice bob carol", canary("group"),
        own("/chats/{group}/"), own("/chats/{group}/info/"), own("/chats/{group}/red-envelope/"),
        own("/chats/{group}/export/", shows="/chats/{group}/export/"), own("/search/?chat={group}"),
        own("/chats/{group}/retention/", sees="alice", shows="days_chosen"),
        among("/search/?q=group+sings&tab=chats"),
        own("/chats/{group}/changes/?since=0", shows="message"),
        own("/chats/{group}/older/?before=99999", shows="message"),
        own("/api/v1/conversations/{group}/"), own("/api/v1/conversations/{group}/sync/?since=0"),
        own("/api/v1/conversations/{group}/messages/", shows="results"),
        own("/api/v1/conversations/{group}/members/", shows="results"),
        among("/chats/"), among("/api/v1/conversations/"),
    ),
    "message": noun(
        "alice bob carol", canary("said"),
        own("/chats/{group}/"), own("/chats/{group}/changes/?since=0"), own("/chats/{group}/older/?before=99999"),
        own("/api/v1/conversations/{group}/messages/"), own("/api/v1/conversations/{group}/sync/?since=0"),
        among("/chats/{group}/?reply_to={said}"),
        own("/chats/{group}/messages/{said}/"), own("/chats/{group}/messages/{said}/reactions/"),
        own("/chats/{group}/messages/{said}/edit/"), own("/chats/{group}/messages/{said}/edits/"),
        own("/chats/{group}/forward/?message={said}"), own("/chats/{group}/select/"),
        own("/api/v1/messages/{said}/"), own("/api/v1/messages/{said}/reactions/", shows='"carol"'),
        among("/api/v1/search/messages/?q=said+sings"), among("/search/?q=from:bob&tab=messages"),
        among("/api/v1/search/messages/?q=from:bob+in:{group}"), among("/search/?q=from:bob&chat={group}"),
    ),
    "what a message said before": noun(
        "alice bob carol", canary("before"),
        own("/chats/{group}/messages/{edited}/edits/"), own("/api/v1/messages/{edited}/edits/"),
    ),
    "words just taken back": noun(
        "alice", canary("regret"),
        own("/api/v1/messages/{recalled}/recall/"), among("/chats/{group}/?reedit={recalled}"),
    ),
    "chat record": noun(
        "alice bob carol", canary("told"),
        own("/chats/{group}/messages/{record}/record/"), own("/api/v1/messages/{record}/record/"),
        among("/chats/{group}/"), among("/api/v1/conversations/{group}/messages/"),
    ),
    "note to oneself": noun(
        "alice", canary("note"),
        own("/chats/{own}/"), own("/chats/{own}/changes/?since=0"), own("/api/v1/conversations/{own}/messages/"),
        own("/me/saved/{saved}/"), own("/api/v1/saved/{saved}/"), among("/me/saved/"), among("/api/v1/saved/"),
    ),
    "draft of a message": noun(
        "alice", canary("begun"),
        among("/chats/{carols}/"), among("/api/v1/conversations/{carols}/"),
        among("/api/v1/conversations/"), among("/chats/"),
    ),
    "message from before Carol came": noun(
        "alice bob", canary("early"),
        among("/chats/{group}/"), among("/chats/{group}/?reply_to={early}"),
        own("/chats/{group}/messages/{early}/"), own("/api/v1/messages/{early}/"),
        own("/chats/{group}/forward/?message={early}"),
        among("/chats/{group}/?around={early_seq}"),
        among("/chats/{group}/changes/?since=0"), among("/chats/{group}/changes/?since=99&row={early_seq}"),
        among("/chats/{group}/older/?before=99999"),
        among("/api/v1/conversations/{group}/messages/"), among("/api/v1/conversations/{group}/sync/?since=0"),
        among("/api/v1/conversations/{group}/messages/?after=0"),
        among("/api/v1/search/messages/?q=early+sings"), among("/search/?q=from:alice&tab=messages"),
    ),
    "latest message in the list": noun(
        "alice bob carol", canary("later"),
        among("/chats/"), among("/api/v1/conversations/"),
    ),
    "message between two": noun(
        "alice bob", canary("direct"),
        among("/api/v1/search/messages/?q=sings+in:{direct}"), among("/search/?q=from:alice&tab=messages"),
        own("/chats/{direct}/"), own("/chats/{direct}/changes/?since=0"), own("/chats/{direct}/older/?before=99999"),
        own("/api/v1/conversations/{direct}/messages/"), own("/api/v1/conversations/{direct}/sync/?since=0"),
        among("/chats/"), among("/api/v1/conversations/"),
    ),
    "photo of a message": noun(
        "alice bob carol", canary("chat_photo"),
        among("/chats/{group}/"), among("/chats/{group}/changes/?since=0"),
        among("/api/v1/conversations/{group}/messages/"),
        file("chat_photo", "/chats/{group}/"), file("chat_photo", "/chats/{group}/changes/?since=0"),
        file("chat_photo", "/api/v1/conversations/{group}/messages/"),
    ),
    "export of a conversation": noun(
        "alice", canary("remark"),
        own("/exports/{export}/"), own("/api/v1/exports/{export}/"),
        among("/chats/{direct}/export/", shows="/exports/{export}/"),
    ),
    "file in a group": noun(
        "alice bob carol", canary("file"),
        own("/chats/{group}/files/?kind=file"), own("/api/v1/conversations/{group}/files/?kind=file"),
        own("/chats/{group}/files/", shows="tabs"), own("/api/v1/conversations/{group}/files/", shows="results"),
        own("/files/{named}/file.bin", sees="alice", shows="words"), own("/api/v1/uploads/{named}/", sees="alice"),
        among("/chats/{group}/"), among("/api/v1/conversations/{group}/messages/"),
        among("/api/v1/conversations/{group}/sync/?since=0"),
    ),
    "place in a group": noun(
        "alice bob carol", canary("place"),
        among("/chats/{group}/"), among("/chats/{group}/changes/?since=0"),
        among("/api/v1/conversations/{group}/messages/"), own("/chats/{group}/place/", shows="latitude"),
        own("/chats/{group}/contact/", shows="client_id"),
    ),
    "pack of stickers of one's own": noun(
        "alice", canary("pack"),
        own("/stickers/packs/{pack}/"), own("/api/v1/sticker-packs/{pack}/"), among("/stickers/"),
        among("/chats/{group}/stickers/"), among("/api/v1/sticker-packs/"),
    ),
    "sticker of such a pack": noun(
        "alice", canary("sticker"),
        own("/stickers/packs/{pack}/"), own("/api/v1/sticker-packs/{pack}/"), among("/chats/{group}/stickers/"),
    ),
    "what may be shared of a person": noun(NOT_BLOCKED, "Alice", own("/share/person/{alice}/", shows="client_id")),
    "members of a group": noun(
        "alice bob carol", canary("nickname"),
        own("/chats/{group}/info/"), own("/api/v1/conversations/{group}/members/"),
        own("/chats/{group}/mentionable/", shows='"people"'),
        own("/api/v1/conversations/{group}/sync/?since=0"),
    ),
    "announcement": noun(
        "alice bob carol", canary("announced"),
        own("/chats/{group}/announcement/"), own("/chats/{group}/info/"), own("/api/v1/conversations/{group}/"),
        among("/chats/{group}/", sees="bob carol"), among("/chats/{group}/changes/?since=0", sees="bob carol"),
        among("/notifications/", sees="bob carol"), among("/api/v1/notifications/", sees="bob carol"),
    ),
    "people of a group": noun(
        "alice bob carol", canary("nickname"),
        own("/chats/{group}/people/"), own("/chats/{group}/people/?q=canary"), own("/chats/{group}/members/bob/"),
        own("/api/v1/conversations/{group}/members/?q=canary"),
    ),
    "link into a group": noun(
        "alice", "{token}",
        own("/group-invites/{invite}/"),
        among("/chats/{kitchen}/invites/", shows="/group-invites/{invite}/"),
        among("/api/v1/conversations/{kitchen}/invites/"),
    ),
    "group behind a link": noun(  # Mallory, whom its maker has blocked, finds nothing there
        "carol charlie dora ex mod", canary("kitchen"),
        among("/join/{token}/"),
        among("/api/v1/invites/{token}/", sees="alice bob carol charlie dora ex mod"),
        among("/chats/", sees="alice bob"), among("/api/v1/conversations/", sees="alice bob"),
    ),
    "group one is invited to": noun(
        "carol", canary("kitchen"),
        among("/chats/requests/", sees="alice bob carol"), among("/api/v1/group-invitations/"),
        among("/notifications/", sees="alice carol"),  # Alice hears that Dora asks to join
    ),
    "person who asks to join": noun(
        "alice", canary("asking"),
        own("/chats/{kitchen}/joining/"), among("/api/v1/conversations/{kitchen}/join-requests/"),
    ),
    "message request": noun(
        "alice mod", canary("knock"),
        own("/chats/{knock}/"), own("/api/v1/conversations/{knock}/messages/"),
        among("/chats/requests/"), among("/api/v1/message-requests/", sees="alice"),
        among("/chats/", sees="mod"), among("/api/v1/conversations/", sees="mod"),
    ),
    "poll": noun(
        "alice bob carol", canary("poll"),
        own("/polls/{poll}/"), own("/polls/{poll}/", shows=canary("option")), own("/api/v1/messages/{poll}/votes/"),
        among("/chats/{group}/"), among("/chats/{group}/changes/?since=0"),
        among("/api/v1/conversations/{group}/messages/"), among("/api/v1/conversations/{group}/sync/?since=0"),
    ),
    "sign-up list": noun(
        "alice bob carol", canary("list"),
        own("/lists/{list}/"), own("/lists/{list}/", shows=canary("entry")),
        own("/api/v1/messages/{list}/entries/", shows=canary("entry")),
        among("/chats/{group}/"), among("/api/v1/conversations/{group}/messages/"),
    ),
    "to-do of a group": noun(
        "alice bob carol", canary("todo"),
        own("/todos/{todo}/"), own("/api/v1/todos/{todo}/"),
        own("/chats/{group}/todos/"), own("/api/v1/conversations/{group}/todos/"), own("/chats/{group}/info/"),
        among("/chats/{group}/"), among("/chats/{group}/changes/?since=0"),
    ),
    "scheduled message": noun(
        "alice", canary("scheduled"),
        own("/scheduled/{scheduled}/"), own("/api/v1/scheduled/{scheduled}/"),
        among("/scheduled/"), among("/chats/{group}/scheduled/"), among("/api/v1/scheduled/"),
        among("/api/v1/conversations/{group}/scheduled/"),
    ),
    # Bots, links
    "bot in a group": noun(
        "alice bob carol", canary("robot"),
        own("/chats/{group}/bots/"), own("/api/v1/conversations/{group}/bots/", shows='"robot_bot"'),
    ),
    "command in a group": noun(
        "alice bob carol", canary("whistle"),
        own("/chats/{group}/commands/"), own("/api/v1/conversations/{group}/commands/"),
    ),
    "bot of one's own": noun(
        "alice", canary("boturl"),
        own("/bots/{robot}/"), own("/api/v1/bots/{robot}/"), among("/api/v1/bots/"),
        own("/bots/{robot}/remove/", shows="Robot"), own("/bots/{robot}/deliveries/", shows="ping"),
        own("/api/v1/bots/{robot}/deliveries/", shows="{delivery}"),
        own("/api/v1/bots/{robot}/commands/", shows=canary("whistle")),
    ),
    "webhook": noun(
        "alice", "/webhooks/{webhook}/remove/",
        among("/chats/{group}/bots/"), among("/api/v1/conversations/{group}/webhooks/", shows='"token_hint"'),
    ),
    "what a link leads to": noun(
        "alice bob carol", canary("preview"),
        among("/chats/{group}/"), among("/chats/{group}/changes/?since=0"),
        among("/api/v1/conversations/{group}/messages/"),
        own("/link-previews/{preview}.webp", shows="WEBP"),
    ),
    # Money
    "red envelope in a chat": noun(
        "alice bob carol", canary("gift"),
        own("/red-envelopes/{envelope}/"), own("/api/v1/red-envelopes/{envelope}/"),
        among("/chats/{group}/"), among("/chats/{group}/changes/?since=0"),
        among("/api/v1/conversations/{group}/messages/"), among("/api/v1/conversations/{group}/sync/?since=0"),
    ),
    "red envelope in the wallet": noun(
        "alice bob ex", canary("gift"),
        own("/wallet/red-envelopes/{envelope}/"),
        among("/wallet/red-envelopes/?box=sent", sees="alice", shows='href="/wallet/red-envelopes/{envelope}/"'),
        among("/wallet/red-envelopes/", sees="bob ex", shows='href="/wallet/red-envelopes/{envelope}/"'),
    ),
    "bill": noun(
        "alice", "543.21",
        own("/wallet/bills/{bill}/"), among("/wallet/bills/"), among("/wallet/"),
        among("/api/v1/wallet/entries/", shows='"amount":54321'),
    ),
    # Notifications, uploads
    "notification": noun(
        "alice", canary("lena"),
        own("/notifications/{notice}/", shows="/moments/{moment}/"),
        among("/notifications/"), among("/api/v1/notifications/"),
    ),
    "upload": noun(
        "alice", canary("upload"),
        own("/api/v1/uploads/{upload}/"), file("upload", "/api/v1/uploads/{upload}/"),
    ),
    # Public accounts
    "public account": noun(
        EVERYBODY, canary("account"),
        own("/accounts/{account}/"), own("/api/v1/public-accounts/{account}/"),
        among("/accounts/"), among("/api/v1/public-accounts/"), among("/accounts/following/", sees="dora"),
        among("/accounts/mine/", sees="alice"),
    ),
    "closed public account": noun(
        "alice", canary("closed"),
        own("/accounts/{closed}/"), own("/api/v1/public-accounts/{closed}/"),
        own("/api/v1/public-accounts/{closed}/articles/", shows=canary("inclosed")), own("/accounts/{closed}/edit/"),
        own("/accounts/{closed}/write/"),
        among("/accounts/mine/"), among("/accounts/", sees=""), among("/api/v1/public-accounts/"),
    ),
    "article of a closed account": noun(
        "alice", canary("inclosed"),
        own("/articles/{in_closed}/"), own("/api/v1/articles/{in_closed}/"),
        own("/api/v1/articles/{in_closed}/comments/", shows="results"),
    ),
    "draft": noun(
        "alice", canary("draft"),
        own("/articles/{draft}/"), own("/articles/{draft}/edit/"), own("/api/v1/articles/{draft}/"),
        own("/articles/{draft}/delete/"),
        among("/accounts/mine/"), among("/api/v1/public-accounts/{account}/articles/?state=draft"),
    ),
    "article": noun(
        EVERYBODY, canary("article"),
        own("/articles/{article}/"), own("/articles/{article}/", shows=canary("body")),
        own("/api/v1/articles/{article}/"), own("/api/v1/articles/{article}/", shows=canary("body")),
        among("/accounts/{account}/"), among("/api/v1/public-accounts/{account}/articles/"),
        among("/articles/", sees="dora"), among("/api/v1/inbox/articles/", sees="dora"),
    ),
    "comment on an article": noun(
        EVERYBODY, canary("bobsword"),
        among("/articles/{article}/"), among("/api/v1/articles/{article}/comments/"),
        own("/article-comments/{bobs_word}/", shows="/articles/{article}/"),
    ),
    "comment of one who blocks the reader": noun(
        NOT_BLOCKED, canary("alicesword"),
        among("/articles/{article}/"), among("/articles/{article}/?reply={alices_word}"),
        among("/api/v1/articles/{article}/comments/"),
        own("/article-comments/{alices_word}/", shows="/articles/{article}/"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Deed:
    """A change of something. Those who do not see it are told what they would be told of nothing; those who see it and
    may not are refused; neither leaves a trace. Those who may leave one."""

    method: str
    address: str
    sees: frozenset[str]
    may: frozenset[str]
    body: tuple[tuple[str, object], ...] = ()


def deed(what: str, *, sees: str, may: str, **body: object) -> Deed:
    method, address = what.split()
    return Deed(method, address, frozenset(sees.split()), frozenset(may.split()), tuple(body.items()))


KEY = "5b2f4f0e-3c1e-4f7e-9d7e-1f8a4f5f6a7b"
TOMORROW = (now() + timedelta(days=1)).isoformat()
MEMBERS = "alice bob carol"

DEEDS: tuple[Deed, ...] = (
    deed("POST /contacts/requests/{request}/accept/", sees="alice", may="alice"),
    deed("POST /contacts/requests/{request}/decline/", sees="alice", may="alice"),
    deed("POST /api/v1/friend-requests/{request}/accept/", sees="alice", may="alice"),
    deed("POST /api/v1/friend-requests/{request}/decline/", sees="alice", may="alice"),
    deed("POST /contacts/tags/{tag}/", sees="alice", may="alice", name="New"),
    deed("POST /contacts/tags/{tag}/delete/", sees="alice", may="alice"),
    deed("PATCH /api/v1/friend-tags/{tag}/", sees="alice", may="alice", name="New"),
    deed("DELETE /api/v1/friend-tags/{tag}/", sees="alice", may="alice"),
    deed("PATCH /api/v1/friends/{alice}/", sees="bob carol", may="bob carol", remark="Al"),
    deed("DELETE /api/v1/friends/{alice}/", sees="bob carol", may="bob carol"),
    deed("POST /people/{alice}/edit/", sees="bob carol", may="bob carol", remark="Al"),
    deed("POST /people/{alice}/remove/", sees="bob carol", may="bob carol"),
    deed("POST /people/{alice}/request/", sees=NOT_BLOCKED, may="dora ex mod", greeting="Hi"),
    deed("POST /api/v1/friend-requests/", sees="", may="dora ex mod", to="{alice}"),
    deed("POST /chats/with/{alice}/", sees=NOT_BLOCKED, may="charlie dora"),  # for others it is there already
    # Moments
    deed("POST /moments/{moment}/like/", sees=MEMBERS, may=MEMBERS),
    deed("POST /api/v1/moments/{moment}/like/", sees=MEMBERS, may=MEMBERS),
    deed("POST /moments/{moment}/unlike/", sees=MEMBERS, may=""),
    deed("DELETE /api/v1/moments/{moment}/like/", sees=MEMBERS, may=""),
    deed("POST /moments/{moment}/comment/", sees=MEMBERS, may=MEMBERS, text="Hi"),
    deed("POST /api/v1/moments/{moment}/comments/", sees=MEMBERS, may=MEMBERS, text="Hi"),
    deed("POST /api/v1/moments/{moment}/comments/", sees="", may="alice bob", text="Hi", reply_to="{comment}"),
    deed("POST /moments/{moment}/audience/", sees=MEMBERS, may="alice", audience="private"),
    deed("PATCH /api/v1/moments/{moment}/", sees=MEMBERS, may="alice", audience={"mode": "private"}),
    deed("POST /moments/{moment}/delete/", sees=MEMBERS, may="alice"),
    deed("DELETE /api/v1/moments/{moment}/", sees=MEMBERS, may="alice"),
    deed("DELETE /api/v1/moments/{private}/", sees="alice", may="alice"),
    deed("POST /api/v1/moments/{private}/like/", sees="alice", may="alice"),
    deed("POST /moments/comments/{comment}/delete/", sees="alice bob", may="alice bob"),
    deed("DELETE /api/v1/moment-comments/{comment}/", sees="alice bob", may="alice bob"),
    # Chats
    deed("POST /chats/{group}/messages/", sees=MEMBERS, may=MEMBERS, text="Hi", client_id=KEY),
    deed("POST /api/v1/conversations/{group}/messages/", sees=MEMBERS, may=MEMBERS, text="Hi", client_id=KEY),
    deed("POST /api/v1/conversations/{group}/messages/", sees="", may="alice bob",
         text="Hi", client_id=KEY, reply_to="{early}"),
    deed("POST /chats/{group}/read/", sees=MEMBERS, may=MEMBERS, seq=9),
    deed("POST /api/v1/conversations/{group}/read/", sees=MEMBERS, may=MEMBERS, seq=9),
    deed("POST /chats/{group}/info/group/", sees=MEMBERS, may="alice", title="Ours"),
    deed("PATCH /api/v1/conversations/{group}/", sees=MEMBERS, may="alice", title="Ours"),
    deed("PATCH /api/v1/conversations/{group}/", sees=MEMBERS, may=MEMBERS, muted=True),
    deed("POST /chats/{group}/info/settings/", sees=MEMBERS, may=MEMBERS, muted="on"),
    deed("POST /chats/{group}/retention/", sees="alice", may="alice", choice="7"),
    deed("PUT /api/v1/conversations/{group}/retention/", sees=MEMBERS, may="alice", days=7),
    deed("POST /chats/{group}/export/", sees=MEMBERS, may=""),  # asks for the password first
    deed("POST /api/v1/conversations/{group}/export/", sees=MEMBERS, may=MEMBERS, password=PASSWORD),
    deed("POST /chats/{group}/own/", sees=MEMBERS, may=MEMBERS, act="fold"),
    deed("PATCH /api/v1/conversations/{group}/", sees=MEMBERS, may=MEMBERS, hidden=True, marked_unread=True),
    deed("POST /chats/{group}/draft/", sees=MEMBERS, may=MEMBERS, text="Begun"),
    deed("PUT /api/v1/conversations/{group}/draft/", sees=MEMBERS, may=MEMBERS, text="Begun"),
    deed("DELETE /api/v1/conversations/{carols}/draft/", sees="alice carol", may="alice"),
    deed("POST /chats/{group}/leave/", sees=MEMBERS, may=MEMBERS),
    deed("POST /chats/{group}/members/carol/remove/", sees=MEMBERS, may="alice"),
    deed("DELETE /api/v1/conversations/{group}/members/bob/", sees=MEMBERS, may="alice bob"),
    deed("PATCH /api/v1/conversations/{group}/members/bob/", sees=MEMBERS, may="alice", role="admin"),
    deed("POST /api/v1/conversations/{group}/members/", sees=MEMBERS, may="alice bob", members=["lena"]),
    deed("PUT /api/v1/messages/{said}/reactions/👍/", sees=MEMBERS, may=MEMBERS),
    deed("PUT /api/v1/messages/{early}/reactions/👍/", sees="alice bob", may="alice bob"),
    deed("DELETE /api/v1/messages/{said}/reactions/🎉/", sees=MEMBERS, may="carol"),
    deed("POST /chats/{group}/messages/{said}/reactions/", sees=MEMBERS, may=MEMBERS, emoji="👍"),
    deed("POST /chats/{group}/messages/{said}/reactions/remove/", sees=MEMBERS, may="carol", emoji="🎉"),
    deed("PATCH /api/v1/messages/{said}/", sees=MEMBERS, may="bob", text="New"),
    deed("POST /chats/{group}/messages/{said}/edit/", sees=MEMBERS, may="bob", text="New"),
    deed("POST /api/v1/messages/{said}/recall/", sees=MEMBERS, may="alice bob"),
    deed("POST /chats/{group}/messages/{said}/recall/", sees=MEMBERS, may="alice bob"),
    deed("POST /api/v1/messages/{said}/forward/", sees=MEMBERS, may=MEMBERS, to=["{group}"], client_id=KEY),
    deed("POST /api/v1/messages/{early}/forward/", sees="alice bob", may="alice bob", to=["{group}"], client_id=KEY),
    deed("POST /api/v1/messages/{said}/forward/", sees="", may="alice bob", to=["{direct}"], client_id=KEY),
    deed("POST /chats/{group}/forward/?message={said}", sees=MEMBERS, may=MEMBERS, to="{group}", client_id=KEY),
    deed("POST /chats/{group}/forward/?message={early}", sees="alice bob", may="alice bob",
         to="{group}", client_id=KEY),
    deed("POST /chats/{group}/save/", sees=MEMBERS, may=MEMBERS, message="{said}"),
    deed("POST /api/v1/saved/", sees="", may=MEMBERS, message="{said}"),
    deed("DELETE /api/v1/saved/{saved}/", sees="alice", may="alice"),
    deed("POST /me/saved/{saved}/remove/", sees="alice", may="alice"),
    deed("POST /chats/own/", sees=EVERYBODY, may=EVERYBODY.replace("alice ", "")),
    deed("POST /chats/{group}/polls/", sees=MEMBERS, may=MEMBERS, question="Q", options=["A", "B"], client_id=KEY),
    deed("POST /api/v1/conversations/{group}/polls/", sees=MEMBERS, may=MEMBERS,
         question="Q", options=["A", "B"], client_id=KEY),
    deed("POST /polls/{poll}/votes/", sees=MEMBERS, may=MEMBERS, options=["1"]),
    deed("POST /api/v1/messages/{poll}/votes/", sees=MEMBERS, may=MEMBERS, options=[1]),
    deed("DELETE /api/v1/messages/{poll}/votes/", sees=MEMBERS, may="bob"),
    deed("POST /polls/{poll}/close/", sees=MEMBERS, may="alice"),
    deed("POST /api/v1/messages/{poll}/close/", sees=MEMBERS, may="alice"),
    deed("POST /chats/{group}/lists/", sees=MEMBERS, may=MEMBERS, title="L", client_id=KEY),
    deed("POST /api/v1/conversations/{group}/lists/", sees=MEMBERS, may=MEMBERS, title="L", client_id=KEY),
    deed("POST /lists/{list}/entries/", sees=MEMBERS, may=MEMBERS, text="Me"),
    deed("POST /api/v1/messages/{list}/entries/", sees=MEMBERS, may=MEMBERS, text="Me"),
    deed("POST /lists/{list}/withdraw/", sees=MEMBERS, may="bob"),
    deed("DELETE /api/v1/messages/{list}/entries/", sees=MEMBERS, may="bob"),
    deed("POST /lists/{list}/close/", sees=MEMBERS, may="alice"),
    deed("POST /api/v1/messages/{list}/close/", sees=MEMBERS, may="alice"),
    deed("POST /chats/{group}/todos/", sees=MEMBERS, may="alice", text="Do it"),
    deed("POST /api/v1/conversations/{group}/todos/", sees=MEMBERS, may="alice", text="Do it"),
    deed("POST /todos/{todo}/done/", sees=MEMBERS, may=MEMBERS, done="yes"),
    deed("POST /api/v1/todos/{todo}/done/", sees=MEMBERS, may=MEMBERS),
    deed("DELETE /api/v1/todos/{todo}/done/", sees=MEMBERS, may=""),
    deed("POST /todos/{todo}/finish/", sees=MEMBERS, may="alice"),
    deed("DELETE /api/v1/todos/{todo}/", sees=MEMBERS, may="alice"),
    deed("POST /chats/{group}/scheduled/", sees=MEMBERS, may=MEMBERS, text="Hi", when="hour"),
    deed("POST /api/v1/conversations/{group}/scheduled/", sees=MEMBERS, may=MEMBERS,
         text="Hi", client_id=KEY, send_at=TOMORROW),
    deed("POST /scheduled/{scheduled}/", sees="alice", may="alice", text="Hi", when="hour"),
    deed("POST /scheduled/{scheduled}/send/", sees="alice", may="alice"),
    deed("POST /scheduled/{scheduled}/delete/", sees="alice", may="alice"),
    deed("PATCH /api/v1/scheduled/{scheduled}/", sees="alice", may="alice", text="Hi"),
    deed("POST /api/v1/scheduled/{scheduled}/send/", sees="alice", may="alice"),
    deed("DELETE /api/v1/scheduled/{scheduled}/", sees="alice", may="alice"),
    # Groups, and the ways into them
    deed("POST /chats/{group}/info/rules/", sees=MEMBERS, may="alice", only_admins_speak="on"),
    deed("PATCH /api/v1/conversations/{group}/", sees=MEMBERS, may="alice", only_admins_speak=True),
    deed("POST /chats/{group}/announcement/", sees=MEMBERS, may="alice", announcement="New"),
    deed("POST /chats/{group}/announcement/read/", sees=MEMBERS, may="bob carol"),
    deed("POST /api/v1/conversations/{group}/announcement/read/", sees=MEMBERS, may="bob carol"),
    deed("POST /chats/{group}/dissolve/", sees=MEMBERS, may="alice"),
    deed("DELETE /api/v1/conversations/{group}/", sees=MEMBERS, may="alice"),
    deed("POST /chats/{group}/members/bob/role/", sees=MEMBERS, may="alice", role="admin"),
    deed("POST /chats/{group}/members/bob/owner/", sees=MEMBERS, may="alice"),
    deed("DELETE /api/v1/conversations/{group}/members/bob/?messages=true", sees=MEMBERS, may="alice bob"),
    deed("POST /chats/{group}/invites/", sees=MEMBERS, may=MEMBERS, hours="24", max_uses="1"),
    deed("POST /api/v1/conversations/{group}/invites/", sees=MEMBERS, may=MEMBERS, hours=24),
    deed("POST /group-invites/{invite}/revoke/", sees="alice", may="alice"),
    deed("DELETE /api/v1/conversations/{kitchen}/invites/{invite}/", sees="alice", may="alice"),
    deed("POST /join/{token}/", sees="", may="carol charlie ex mod", greeting="Hi"),
    deed("POST /api/v1/invites/{token}/join/", sees="", may="carol charlie ex mod", greeting="Hi"),
    deed("POST /join-requests/{asking}/accept/", sees="alice", may="alice"),
    deed("POST /join-requests/{asking}/decline/", sees="alice", may="alice"),
    deed("POST /api/v1/join-requests/{asking}/accept/", sees="alice", may="alice"),
    deed("POST /api/v1/join-requests/{asking}/decline/", sees="alice", may="alice"),
    deed("POST /group-invitations/{invited}/accept/", sees="carol", may="carol"),
    deed("POST /group-invitations/{invited}/decline/", sees="carol", may="carol"),
    deed("POST /api/v1/group-invitations/{invited}/accept/", sees="carol", may="carol"),
    deed("POST /api/v1/group-invitations/{invited}/decline/", sees="carol", may="carol"),
    deed("POST /chats/{knock}/request/accept/", sees="alice", may="alice"),
    deed("POST /chats/{knock}/request/decline/", sees="alice", may="alice"),
    deed("POST /api/v1/message-requests/{knock}/accept/", sees="alice", may="alice"),
    deed("POST /api/v1/message-requests/{knock}/decline/", sees="alice", may="alice"),
    deed("POST /red-envelopes/{envelope}/claim/", sees=MEMBERS, may="alice carol"),
    deed("POST /api/v1/red-envelopes/{envelope}/claim/", sees=MEMBERS, may="alice carol"),
    deed("POST /api/v1/conversations/{group}/red-envelopes/", sees=MEMBERS, may="alice bob",
         kind="normal", amount=100, shares=1, greeting=""),
    # Bots, links
    deed("PATCH /api/v1/bots/{robot}/", sees="alice", may="alice", name="Droid"),
    deed("DELETE /api/v1/bots/{robot}/", sees="alice", may="alice"),
    deed("POST /api/v1/bots/{robot}/token/", sees="alice", may="alice"),
    deed("DELETE /api/v1/bots/{robot}/token/", sees="alice", may="alice"),
    deed("POST /api/v1/bots/{robot}/secret/", sees="alice", may="alice"),
    deed("POST /api/v1/bots/{robot}/commands/", sees="alice", may="alice", name="hum", description="Hums"),
    deed("DELETE /api/v1/bots/{robot}/commands/{command}/", sees="alice", may="alice"),
    deed("POST /api/v1/bots/{robot}/deliveries/", sees="alice", may="alice"),
    deed("POST /api/v1/bots/{robot}/deliveries/{delivery}/again/", sees="alice", may="alice"),
    deed("POST /bots/{robot}/", sees="alice", may="alice", name="Droid"),
    deed("POST /bots/{robot}/remove/", sees="alice", may="alice"),
    deed("POST /bots/{robot}/token/", sees="alice", may="alice"),
    deed("POST /bots/{robot}/token/revoke/", sees="alice", may="alice"),
    deed("POST /bots/{robot}/secret/", sees="alice", may="alice"),
    deed("POST /bots/{robot}/ping/", sees="alice", may="alice"),
    deed("POST /bots/{robot}/commands/", sees="alice", may="alice", name="hum", description="Hums"),
    deed("POST /bots/{robot}/commands/{command}/remove/", sees="alice", may="alice"),
    deed("POST /bots/{robot}/deliveries/{delivery}/again/", sees="alice", may="alice"),
    deed("POST /chats/{group}/webhooks/", sees=MEMBERS, may="alice", name="Builds"),
    deed("POST /api/v1/conversations/{group}/webhooks/", sees=MEMBERS, may="alice", name="Builds"),
    deed("POST /webhooks/{webhook}/remove/", sees="alice", may="alice"),
    deed("DELETE /api/v1/webhooks/{webhook}/", sees="alice", may="alice"),
    deed("POST /messages/{linked}/preview/remove/", sees=MEMBERS, may="alice"),
    deed("DELETE /api/v1/messages/{linked}/preview/", sees=MEMBERS, may="alice"),
    deed("POST /chats/{group}/place/", sees=MEMBERS, may=MEMBERS, client_id=KEY, latitude="1", longitude="2"),
    deed("POST /chats/{group}/contact/", sees=MEMBERS, may="alice bob", client_id=KEY, person="lena"),
    deed("POST /api/v1/conversations/{group}/messages/", sees=MEMBERS, may=MEMBERS,
         kind="card", client_id=KEY, card={"kind": "person", "id": "bob"}),
    deed("POST /api/v1/conversations/{group}/messages/", sees="", may="alice",
         kind="sticker", client_id=KEY, sticker="{sticker}"),
    deed("POST /share/person/{alice}/", sees=NOT_BLOCKED, may=MEMBERS, client_id=KEY, to=["{group}"]),
    deed("POST /messages/{voice}/heard/", sees=MEMBERS, may="bob carol"),
    deed("POST /api/v1/messages/{voice}/heard/", sees=MEMBERS, may="bob carol"),
    deed("PATCH /api/v1/sticker-packs/{pack}/", sees="alice", may="alice", name="New"),
    deed("DELETE /api/v1/sticker-packs/{pack}/", sees="alice", may="alice"),
    deed("DELETE /api/v1/sticker-packs/{pack}/added/", sees="alice", may="alice"),
    deed("POST /stickers/packs/{pack}/change/", sees="alice", may="alice", name="New"),
    deed("POST /stickers/packs/{pack}/remove/", sees="alice", may="alice"),
    deed("POST /stickers/packs/{pack}/put-away/", sees="alice", may="alice"),
    deed("DELETE /api/v1/stickers/{sticker}/", sees="alice", may="alice"),
    deed("POST /stickers/{sticker}/remove/", sees="alice", may="alice"),
    deed("POST /stickers/{sticker}/keep/", sees="alice", may="alice"),
    deed("POST /api/v1/stickers/favourites/", sees="", may="alice", sticker="{sticker}"),
    deed("DELETE /api/v1/custom-emoji/{emoji}/", sees=EVERYBODY, may="mod"),
    deed("POST /emoji/own/{emoji}/remove/", sees=EVERYBODY, may="mod"),
    # Notifications, uploads
    deed("POST /api/v1/uploads/{failed}/retry/", sees="alice", may="alice"),
    deed("POST /files/{failed}/retry/", sees="alice", may="alice"),
    deed("POST /api/v1/notifications/read/", sees="", may="alice", ids=["{notice}"]),
    deed("PATCH /api/v1/uploads/{upload}/", sees="alice", may="alice", alt="Mine"),
    deed("POST /api/v1/moments/", sees="", may="alice", uploads=["{upload}"]),
    deed("POST /api/v1/conversations/{group}/messages/", sees="", may="alice",
         kind="image", client_id=KEY, uploads=["{upload}"]),
    # Public accounts
    deed("POST /accounts/{account}/follow/", sees=EVERYBODY, may="bob carol charlie ex mod"),
    deed("POST /api/v1/public-accounts/{account}/follow/", sees=EVERYBODY, may="bob carol charlie ex mod"),
    deed("POST /api/v1/public-accounts/{closed}/follow/", sees="alice", may=""),
    deed("PATCH /api/v1/public-accounts/{account}/", sees=EVERYBODY, may="alice", name="Mine"),
    deed("PATCH /api/v1/public-accounts/{closed}/", sees="alice", may="alice", closed=False),
    deed("POST /api/v1/public-accounts/{account}/articles/", sees=EVERYBODY, may="alice", title="New"),
    deed("POST /accounts/{account}/edit/", sees="alice", may="alice", name="Mine", bio=""),
    deed("POST /accounts/{account}/write/", sees="alice", may="alice", title="New", body="<p>Text</p>"),
    deed("PATCH /api/v1/articles/{article}/", sees=EVERYBODY, may="alice", title="New"),
    deed("DELETE /api/v1/articles/{article}/", sees=EVERYBODY, may="alice"),
    deed("PATCH /api/v1/articles/{draft}/", sees="alice", may="alice", title="New"),
    deed("DELETE /api/v1/articles/{draft}/", sees="alice", may="alice"),
    deed("POST /api/v1/articles/{draft}/publish/", sees="alice", may="alice"),
    deed("POST /articles/{draft}/publish/", sees="alice", may="alice"),
    deed("POST /articles/{draft}/edit/", sees="alice", may="alice", title="New", body="<p>Text</p>"),
    deed("POST /articles/{draft}/delete/", sees="alice", may="alice"),
    deed("POST /api/v1/articles/{article}/comments/", sees=EVERYBODY,
         may=NOT_BLOCKED, text="Hi"),
    deed("POST /articles/{article}/comments/", sees=EVERYBODY, may=NOT_BLOCKED, text="Hi"),
    deed("POST /api/v1/article-comments/{alices_word}/reply/", sees=NOT_BLOCKED, may=NOT_BLOCKED, text="Hi"),
    deed("DELETE /api/v1/article-comments/{bobs_word}/", sees=EVERYBODY, may="alice bob"),
    deed("DELETE /api/v1/article-comments/{alices_word}/", sees=NOT_BLOCKED, may="alice"),
    deed("POST /article-comments/{bobs_word}/delete/", sees=EVERYBODY, may="alice bob"),
)  # fmt: skip
