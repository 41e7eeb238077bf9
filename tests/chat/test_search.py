"""Finding what was said: who finds it, when, and what of it. The same on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils.timezone import now

from accounts.models import User
from chat import services
from chat.models import Conversation, Message, SearchProgress
from chat.search import store
from chat.search.finding import find_messages, read_search
from chat.search.indexing import index_conversation, index_everything
from tests import make
from tests.conftest import Api, Web

CORPUS = {
    "zh": "明天我们在北京大学东门见面，一起吃火锅",
    "zh-mixed": "新的iPhone15手机到货了",
    "ja": "週末は東京タワーの近くでラーメンを食べたい",
    "ko": "내일 서울에서 회의가 있습니다",
    "th": "ฉันเรียนภาษาไทยทุกวัน",
    "ar": "ذهبنا إلى المَدْرَسَة الجديدة في القاهرة",
    "de": "Die Straße nach Köln ist gesperrt",
    "tr": "İstanbul'da ışıklar güzel",
    "hi": "मैं हिन्दी पढ़ता हूँ और चाय पीता हूँ",
    "en": "The meeting about the Café menu starts at noon",
}

HITS = [
    ("北京", "zh"), ("火锅", "zh"), ("锅", "zh"), ("大学东门", "zh"), ("火锅 北京", "zh"), ("手机", "zh-mixed"),
    ("iphone", "zh-mixed"), ("IPHONE15手机", "zh-mixed"), ("東京", "ja"), ("たわー", "ja"), ("ﾗｰﾒﾝ", "ja"),
    ("서울", "ko"), ("회의", "ko"), ("ภาษา", "th"), ("ไทย", "th"), ("مدرسة", "ar"), ("القاهره", "ar"),
    ("strasse", "de"), ("koln", "de"), ("KÖLN", "de"), ("istanbul", "tr"), ("isik", "tr"), ("guzel", "tr"),
    ("हिन्दी", "hi"), ("चाय", "hi"), ("cafe", "en"), ("MEET", "en"), ('"at noon"', "en"), ("noon menu", "en"),
]  # fmt: skip
MISSES = ["北大", "京北", "上海", "門東", "울서", "ไทยภาษา", "assse", "eeting", '"noon at"', "हिन्दू", "coffee", "مدينة"]


@pytest.fixture(params=["indexed", "said a moment ago"])
def corpus(request: Any, alice: User, bob: User) -> dict[str, Message]:
    """Once with the index up to date, once before the indexer has come by."""
    direct = make.direct(alice, bob)
    messages = {name: make.message(bob, direct, text) for name, text in CORPUS.items()}
    if request.param == "indexed":
        index_everything()
        assert SearchProgress.objects.get(pk=direct.pk).indexed_seq == messages["en"].seq
    return messages


def found(searcher: User, words: str, **more: Any) -> list[str]:
    return [hit.message.text for hit in find_messages(searcher=searcher, search=read_search(words), **more).hits]


@pytest.mark.parametrize(("words", "name"), HITS)
def test_words_of_every_language_are_found(corpus: dict[str, Message], alice: User, words: str, name: str) -> None:
    assert found(alice, words) == [CORPUS[name]]


def test_what_was_not_said_is_not_found(corpus: dict[str, Message], alice: User) -> None:
    assert found(alice, "北京")
    assert {words: found(alice, words) for words in MISSES} == {words: [] for words in MISSES}


def test_the_newest_comes_first_and_pages_follow_one_another(alice: User, bob: User) -> None:
    direct = make.direct(alice, bob)
    said = [make.message(bob, direct, f"tea number {number}").text for number in range(45)]
    index_everything()
    said += [make.message(alice, direct, f"tea number {number}").text for number in range(45, 50)]

    pages, before = [], None
    while True:
        page = find_messages(searcher=alice, search=read_search("tea"), before=before)
        pages.append([hit.message.text for hit in page.hits])
        before = page.next_before
        if before is None:
            break

    assert [text for page in pages for text in page] == said[::-1]
    assert [len(page) for page in pages] == [20, 20, 10]


@pytest.mark.parametrize("indexed", [True, False])
def test_what_was_brought_in_from_elsewhere_stands_at_its_time(alice: User, bob: User, indexed: bool) -> None:
    direct = make.direct(alice, bob)
    for days, text in ((0, "tea today"), (900, "tea long ago"), (30, "tea last month")):
        message = make.message(bob, direct, text)
        Message.objects.filter(pk=message.pk).update(created_at=now() - timedelta(days=days))
    if indexed:
        index_everything()

    assert found(alice, "tea") == ["tea today", "tea last month", "tea long ago"]
    first = find_messages(searcher=alice, search=read_search("tea"), limit=1)
    assert found(alice, "tea", before=first.next_before) == ["tea last month", "tea long ago"]


def test_a_message_is_found_the_moment_it_is_said_and_once(alice: User, bob: User) -> None:
    direct = make.direct(alice, bob)
    make.message(bob, direct, "the first harvest")
    index_everything()
    make.message(bob, direct, "the second harvest")

    assert found(alice, "harvest") == ["the second harvest", "the first harvest"]
    index_everything()
    assert found(alice, "harvest") == ["the second harvest", "the first harvest"]


def change(message: Message, **values: Any) -> None:
    """As an edit or a recall does: under the next number of the conversation."""
    conversation = Conversation.objects.get(pk=message.conversation_id)
    Conversation.objects.filter(pk=conversation.pk).update(head=conversation.head + 1)
    Message.objects.filter(pk=message.pk).update(changed_seq=conversation.head + 1, **values)


@pytest.mark.covers("J9")
@pytest.mark.parametrize("indexed_after", [True, False])
def test_what_was_edited_or_recalled_is_not_found_any_more(alice: User, bob: User, indexed_after: bool) -> None:
    direct = make.direct(alice, bob)
    edited, recalled = make.message(bob, direct, "old plan"), make.message(bob, direct, "secret plan")
    index_everything()
    assert found(alice, "plan") == ["secret plan", "old plan"]

    change(edited, text="new idea")
    change(recalled, recalled_at=now())
    if indexed_after:
        index_everything()

    assert found(alice, "plan") == []
    assert found(alice, "idea") == ["new idea"]


@pytest.mark.covers("A3")
def test_only_what_the_searcher_may_see_is_found(alice: User, bob: User, charlie: User) -> None:
    carol = make.person("carol")
    make.friends(alice, carol)
    group = make.group(alice, bob, title="Tea")
    make.message(bob, group, "the early word")
    services.add_members(actor=alice, conversation=group, members=[carol])
    make.message(bob, group, "the later word")
    for _round in range(2):
        assert found(alice, "word") == ["the later word", "the early word"]
        assert found(carol, "word") == ["the later word"]
        assert found(charlie, "word") == []
        index_everything()
    services.leave_group(person=bob, conversation=group)
    assert found(bob, "word") == []


def test_filters_narrow_what_is_found(alice: User, bob: User) -> None:
    carol = make.person("carol")
    make.friends(alice, carol)
    group, direct = make.group(alice, bob, carol), make.direct(alice, bob)
    make.message(carol, group, "tea at https://example.org/tea")
    make.message(bob, group, "tea in the group")
    make.message(bob, direct, "tea for two")
    make.message(bob, direct, "tea on a photo", kind="image", uploads=[str(make.upload(bob, size=(64, 48)).pk)])
    old = make.message(alice, direct, "tea of old")
    Message.objects.filter(pk=old.pk).update(created_at=now() - timedelta(days=400))
    last_year = (now() - timedelta(days=100)).date().isoformat()

    for _round in range(2):
        assert found(alice, "tea from:carol") == ["tea at https://example.org/tea"]
        assert found(alice, "tea from:nobody") == []
        assert found(alice, "from:@carol has:link") == ["tea at https://example.org/tea"]
        assert found(alice, "tea in:bob") == ["tea on a photo", "tea for two", "tea of old"]
        assert found(alice, f"tea in:{group.pk}") == ["tea in the group", "tea at https://example.org/tea"]
        assert found(alice, "tea", conversation=group) == ["tea in the group", "tea at https://example.org/tea"]
        assert found(alice, "has:photo") == ["tea on a photo"]
        assert found(alice, f"tea before:{last_year}") == ["tea of old"]
        assert "tea of old" not in found(alice, f"tea after:{last_year}")
        assert len(found(alice, "tea from:bob from:carol")) == 4
        index_everything()


def test_a_filter_that_makes_no_sense_is_a_word(alice: User) -> None:
    search = read_search("has:nothing before:tomorrow note:this")

    assert search.words == "has:nothing before:tomorrow note:this"
    assert not search.has
    assert search.before is None


def test_the_index_keeps_up_in_batches_and_passes_nothing_over(alice: User, bob: User, monkeypatch: Any) -> None:
    monkeypatch.setattr("chat.search.indexing.BATCH", 3)
    direct = make.direct(alice, bob)
    for number in range(8):
        make.message(bob, direct, f"tea {number}")
    while index_conversation(direct.pk):
        pass

    assert SearchProgress.objects.get(pk=direct.pk).indexed_seq == Conversation.objects.get(pk=direct.pk).head
    question = store.Question(whole=[], prefixes=["tea"], any_of=[store.mark("c", direct.pk)])
    assert len(store.newest(question, 100)) == 8


def test_the_index_can_be_made_anew(corpus: dict[str, Message], alice: User) -> None:
    store.forget_all()
    call_command("rebuild_search", verbosity=0)

    assert found(alice, "北京") == [CORPUS["zh"]]


def test_a_query_cannot_speak_to_the_index(corpus: dict[str, Message], alice: User) -> None:
    for words in [
        '" OR "',
        "') | ('zq",
        "zq' & !'zk",
        'NEAR("zq" "zk")',
        "* ^ : - + ( )",
        "\ue000c1",
        "words:x",
        "zq\x00zk",
        "\\",
    ]:
        assert found(alice, words) == [], words


# --- its doors -------------------------------------------------------------------------------------------------------


def test_rest_answers_hits_with_their_place(corpus: dict[str, Message], alice: User, api: type[Api]) -> None:
    answer = api(alice).get("/api/v1/search/messages/", {"q": "北京"}).json()

    assert [hit["seq"] for hit in answer["results"]] == [corpus["zh"].seq]
    assert answer["results"][0]["snippet"] == "明天我们在<mark>北京</mark>大学东门见面，一起吃火锅"
    assert answer["results"][0]["sender"]["handle"] == "bob"
    assert answer["next"] is None


def test_rest_pages_by_a_cursor(alice: User, bob: User, api: type[Api]) -> None:
    direct = make.direct(alice, bob)
    for number in range(5):
        make.message(bob, direct, f"tea {number}")
    client, seen = api(alice), []
    url: str | None = "/api/v1/search/messages/?q=tea&limit=2"
    while url:
        answer = client.get(url).json()
        seen += [hit["text"] for hit in answer["results"]]
        url = answer["next"]

    assert seen == [f"tea {number}" for number in (4, 3, 2, 1, 0)]


def test_rest_searches_one_conversation_of_ones_own_alone(
    corpus: dict[str, Message], alice: User, charlie: User, api: type[Api]
) -> None:
    place = {"q": "北京", "conversation": corpus["zh"].conversation_id}

    assert len(api(alice).get("/api/v1/search/messages/", place).json()["results"]) == 1
    assert api(charlie).get("/api/v1/search/messages/", place).status_code == 404


@pytest.mark.covers("F3")
def test_searches_are_counted(alice: User, api: type[Api], rate_limits: None) -> None:
    client = api(alice)
    codes = [client.get("/api/v1/search/messages/?q=tea").status_code for _ in range(61)]

    assert codes == [200] * 60 + [429]


def test_the_page_shows_hits_marked_and_leads_to_their_context(
    corpus: dict[str, Message], alice: User, web: type[Web]
) -> None:
    page = web(alice).get("/search/", {"q": "cafe"}).content.decode()
    message = corpus["en"]
    address = f"/chats/{message.conversation_id}/?around={message.seq}#message-{message.pk}"

    assert "<mark>Café</mark>" in page
    assert f'href="{address}"' in page
    assert CORPUS["en"] in web(alice).get(address).content.decode()


def test_the_page_finds_people_and_chats_by_name(alice: User, bob: User, web: type[Web]) -> None:
    make.group(alice, bob, title="北京茶友会")
    page = web(alice).get("/search/", {"q": "茶友"}).content.decode()
    assert "北京茶友会" in page
    page = web(alice).get("/search/", {"q": "bob"}).content.decode()
    assert 'href="/people/bob/"' in page


def test_what_was_said_cannot_become_markup(alice: User, bob: User, web: type[Web]) -> None:
    make.message(bob, make.direct(alice, bob), "<script>alert('tea')</script> <b>tea</b>")
    page = web(alice).get("/search/", {"q": "tea"}).content.decode()

    assert "&lt;b&gt;<mark>tea</mark>&lt;/b&gt;" in page
    assert "<script>alert" not in page


def test_files_and_links_have_tabs_of_their_own(alice: User, bob: User, web: type[Web]) -> None:
    direct = make.direct(alice, bob)
    make.message(bob, direct, "see https://example.org/tea")
    make.message(bob, direct, "no address here")
    page = web(alice).get("/search/", {"tab": "links"}).content.decode()

    assert "example.org/tea" in page
    assert "no address here" not in page


@pytest.mark.parametrize("parameters", [
    {"q": "x" * 5000}, {"q": "a", "before": "x"}, {"q": "a", "tab": "nothing"}, {"q": "a", "before": "9" * 18},
    {"q": "\x00"}, {"q": "before:0001-01-01 after:9999-12-31"}, {"q": "in:99999999999999999999 tea"},
])  # fmt: skip
def test_broken_input_breaks_nothing(alice: User, bob: User, web: type[Web], api: type[Api], parameters: Any) -> None:
    make.message(bob, make.direct(alice, bob), "tea")
    assert web(alice).get("/search/", parameters).status_code == 200
    assert api(alice).get("/api/v1/search/messages/", parameters).status_code in {200, 400}
