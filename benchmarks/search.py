"""Searching a million messages, and whether the last page of history costs the same however many there are.

`SEARCH_MESSAGES` says how many (default 1,000,000). Measured in this process, without HTTP: what is asked here is the
index. The limit of a search is the least a page can cost: the 20 newest messages of one conversation, by its key.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from benchmarks.stage import Site
from benchmarks.table import Row, progress

if TYPE_CHECKING:
    from accounts.models import User
    from chat.models import Conversation, Member

MESSAGES = int(os.environ.get("SEARCH_MESSAGES", "1000000"))
FEW = 5000
OTHER_GROUPS = 49
RUNS = 40
BATCH = 500
PAGE_RATIO_MAX = 1.3

COMMON_ZH, RARE_ZH, COMMON_EN, RARE_EN = "今天", "麒麟", "meeting", "xylophone"
COMMON_SHARE, RARE_COUNT = 0.2, 12
HAN = (
    "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对"
    "小多然于心学么之都好看起发当没成只如事把还用第样道想作种开美总从无情己面最女但现前些所同日手又行意动"
    "方期它头经长儿回位分爱老因很给名法间斯知世什两次使身者被高已亲其进此话常与活正感"
)
EN = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "is",
    "you",
    "that",
    "it",
    "he",
    "was",
    "for",
    "on",
    "are",
    "as",
    "with",
    "his",
    "they",
    "at",
    "be",
    "this",
    "have",
    "from",
    "or",
    "one",
    "had",
    "by",
    "word",
    "but",
    "not",
    "what",
    "all",
    "were",
    "we",
    "when",
    "your",
    "can",
    "said",
    "there",
    "use",
    "an",
    "each",
    "which",
    "she",
    "do",
    "how",
    "their",
    "if",
    "will",
    "up",
    "other",
    "about",
    "out",
    "many",
    "then",
    "them",
    "these",
    "so",
    "some",
    "her",
    "would",
    "make",
    "like",
    "him",
    "into",
    "time",
    "has",
    "look",
    "two",
    "more",
    "write",
    "go",
    "see",
    "number",
    "no",
    "way",
    "could",
    "people",
    "my",
    "than",
    "first",
    "water",
    "been",
    "call",
    "who",
    "oil",
    "its",
    "now",
    "find",
    "long",
    "down",
    "day",
    "did",
    "get",
    "come",
    "made",
    "may",
    "part",
    "tea",
    "train",
    "lunch",
    "tomorrow",
    "office",
    "photo",
    "ticket",
]


def rows(site: Site) -> list[Row]:
    from accounts.models import User
    from chat.models import Member
    from chat.search.indexing import index_conversation

    alice, bob = (User.objects.create_user(name, f"{name}@example.org") for name in ("searcher", "talker"))
    groups = [group_of_two(alice, bob) for _ in range(OTHER_GROUPS + 1)]
    few, many = groups[0], group_of_two(alice, bob)
    progress(f"{MESSAGES:,} messages …")
    fill(many, bob, MESSAGES)
    fill(few, bob, FEW)
    for group in groups[1:]:
        fill(group, bob, 200)
    progress("indexing …")
    began = time.perf_counter()
    for group in [*groups, many]:
        while index_conversation(group.pk):
            pass
    indexed = (MESSAGES + FEW + 200 * OTHER_GROUPS) / (time.perf_counter() - began)
    analyze()
    own = {
        group.pk: Member.objects.select_related("conversation").get(conversation=group, user=alice)
        for group in (few, many)
    }
    limit = quantile(timed(lambda: _newest(many)), 0.5)
    found = [Row("indexing, behind the senders", indexed, "messages/s", 0, "–", note=f"{MESSAGES:,} messages")]
    found += list(_searches(alice, limit))
    found.append(_history(own[few.pk], own[many.pk]))
    return found


def _searches(alice: User, limit: float) -> Iterator[Row]:
    from chat.search.finding import find_messages, read_search

    asked = {
        "common Chinese word": COMMON_ZH,
        "rare Chinese word": RARE_ZH,
        "one Chinese character": "麒",
        "two Chinese words": f"{COMMON_ZH} {RARE_ZH}",
        "a Chinese word nobody said": "饕餮",
        "common English word": COMMON_EN,
        "beginning of a common English word": COMMON_EN[:3],
        "rare English word": RARE_EN,
        "common English word, from one person with a photo": f"{COMMON_EN} from:talker has:photo",
    }
    for what, words in asked.items():
        search = read_search(words)
        times = timed(lambda search=search: find_messages(searcher=alice, search=search))  # type: ignore[misc]
        hits = len(find_messages(searcher=alice, search=search).hits)
        yield Row(
            f"{what}: p50",
            quantile(times, 0.5),
            "ms",
            limit,
            "20 newest",
            note=f"p95 {quantile(times, 0.95):.1f}, {hits} hits",
        )


def _history(few: Member, many: Member) -> Row:
    """The oldest page of both conversations, asked for in turn."""
    from chat.timeline import page_of

    pages: dict[str, list[float]] = {"few": [], "many": []}
    for _ in range(RUNS):
        for name, member in (("few", few), ("many", many)):
            pages[name] += timed(lambda member=member: page_of(member, before=60), runs=1)  # type: ignore[misc]
    least, most = (quantile(pages[name], 0.5) for name in ("few", "many"))
    within = "holds" if most / least <= PAGE_RATIO_MAX else "BROKEN"
    return Row(
        f"last page of history among {MESSAGES:,}", most, "ms", least, f"among {FEW:,}",
        f"ratio ≤ {PAGE_RATIO_MAX}", note=within,
    )  # fmt: skip


def _newest(group: Conversation) -> list[Any]:
    from chat.models import Message

    return list(Message.objects.filter(conversation=group).select_related("sender").order_by("-seq")[:20])


def group_of_two(alice: User, bob: User) -> Conversation:
    from chat.models import Conversation, Member

    group = Conversation.objects.create(
        kind="group", title="Talk", head=3, changed_seq=1, created_by=alice, member_count=2, face_ids=[alice.pk, bob.pk]
    )
    Member.objects.create(conversation=group, user=alice, role="owner", joined_seq=1, changed_seq=2)
    Member.objects.create(conversation=group, user=bob, joined_seq=1, changed_seq=3)
    return group


def fill(group: Conversation, sender: User, count: int) -> None:
    from chat.models import Conversation, Message

    luck = random.Random(group.pk)
    begun = datetime(2020, 1, 1, tzinfo=UTC)
    rare = set(luck.sample(range(count), min(RARE_COUNT, count)))
    for start in range(0, count, BATCH):
        Message.objects.bulk_create(
            Message(
                conversation=group,
                sender=sender,
                seq=4 + number,
                changed_seq=4 + number,
                text=_text(luck, is_rare=number in rare),
                created_at=begun + timedelta(seconds=100 * number),
            )
            for number in range(start, min(count, start + BATCH))
        )
    Conversation.objects.filter(pk=group.pk).update(head=3 + count)


def _text(luck: random.Random, *, is_rare: bool) -> str:
    chinese = luck.random() < 0.5
    whole = "".join(luck.choices(HAN, k=luck.randint(4, 24)))
    words = [whole] if chinese else luck.choices(EN, k=luck.randint(2, 14))
    if luck.random() < COMMON_SHARE:
        words.insert(luck.randint(0, len(words)), COMMON_ZH if chinese else COMMON_EN)
    if is_rare:
        words += [RARE_ZH, RARE_EN]
    return ("" if chinese else " ").join(words)


def timed(work: Callable[[], object], runs: int = RUNS) -> list[float]:
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return times


def quantile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def analyze() -> None:
    """As the database does by itself some minutes later."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
