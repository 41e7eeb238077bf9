"""One tokeniser for every script: what finds what, and what does not."""

from __future__ import annotations

import pytest

from superapp.kernel.words import composed, fold, read_query, tokens

FINDS = [
    # Chinese: two characters, one character, across what would be words, mixed with Latin
    ("北京", "我在北京大学读书"), ("京", "我在北京"), ("大学读", "我在北京大学读书"), ("微信", "加我微信"),
    ("iphone手机", "新的iPhone15手机到了"), ("手机 iphone", "新的iPhone15手机到了"), ("㈱", "(株)東京"),
    # Japanese: kana of either kind, half width, voicing kept apart, a mixed sentence
    ("東京", "明日は東京タワーへ"), ("たわー", "東京タワー"), ("ﾀﾜｰ", "東京タワー"), ("カメラ", "新しいかめら"),
    # Korean: within a word, with what is glued to it
    ("서울", "내일 서울에서 만나요"), ("엔진", "검색엔진"), ("만나", "서울에서 만나요"),
    # Thai, Lao, Khmer, Burmese: no spaces at all
    ("ภาษา", "ฉันเรียนภาษาไทย"), ("ไทย", "ฉันเรียนภาษาไทย"), ("ລາວ", "ຂ້ອຍຮຽນພາສາລາວ"),
    ("ភាសា", "ខ្ញុំរៀនភាសាខ្មែរ"), ("မြန်မာ", "ကျွန်တော်မြန်မာစာသင်တယ်"),
    # Arabic and Persian: with and without vowel points, article, kinds of alef and yeh
    ("مدرسة", "ذهبت إلى المدرسة"), ("مدرسه", "مَدْرَسَةٌ جديدة"), ("احمد", "أحمد هنا"), ("كتاب", "این کتاب است"),
    # German, Turkish, French, Polish, Vietnamese, Greek, Russian
    ("strasse", "Die lange Straße"), ("STRASSE", "straße"), ("muller", "Herr Müller"), ("Über", "uber uns"),
    ("istanbul", "İSTANBUL'da"), ("İstanbul", "istanbul"), ("ışık", "IŞIK"), ("isik", "ışık"),
    ("ecole", "À l’école"), ("lodz", "Łódź"), ("tieng viet", "Tiếng Việt"), ("αθηνα", "Αθήνα"), ("елка", "Ёлка"),
    # Hindi: vowel signs count
    ("हिन्दी", "मैं हिन्दी पढ़ता हूँ"), ("पढ़", "मैं हिन्दी पढ़ता हूँ"),
    # English: beginnings, any order, case, numbers of other scripts, pictures
    ("meet", "The meeting is at 3"), ("noon lunch", "Lunch at noon"), ("2026", "٢٠٢٦"), ("🎉", "We won 🎉🎉"),
    ('"at noon"', "Lunch at  noon"), ("e-mail", "my e mail"), ("ﬁle", "the file"),
]  # fmt: skip

MISSES = [
    ("北大", "我在北京大学读书"), ("京北", "北京"), ("北京 上海", "我在北京"), ("东京", "北京东站"),
    ("はと", "ばと"), ("東都", "東京都"), ("울서", "서울"), ("ไทยภาษา", "ภาษาไทย"),
    ("ري", "المدرسة"), ("asse", "Straße"), ("eeting", "meeting"), ('"noon at"', "at noon"),
    ("हिन्दू", "हिन्दी"), ("art", "start smart"), ("🎂", "🎉"), ("tea coffee", "tea"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "text"), FINDS)
def test_finds(query: str, text: str) -> None:
    asked = read_query(query)
    assert asked.matches(text)
    kept = tokens(text)
    assert asked.whole_tokens <= kept  # else the index would not bring the candidate
    assert all(any(token.startswith(prefix) for token in kept) for prefix in asked.prefixes)


@pytest.mark.parametrize(("query", "text"), MISSES)
def test_does_not_find(query: str, text: str) -> None:
    assert read_query(query)
    assert not read_query(query).matches(text)


def test_marks_what_was_found_in_the_text_as_it_was_written() -> None:
    def marked(query: str, text: str) -> list[str]:
        return [composed(text)[start:end] for start, end in read_query(query).spans(text)]

    assert marked("strasse", "Die Straße, straßen") == ["Straße", "straße"]
    assert marked("北京", "北京和北京") == ["北京", "北京"]
    assert marked("cafe au", "Un Café au lait") == ["Café", "au"]
    assert marked("art", "start art") == ["art"]


def test_a_query_without_a_letter_looks_for_nothing() -> None:
    assert not read_query("!!! … --- \u200b\ue000")
    assert not tokens("?! \ue000")


def test_nothing_in_a_text_can_look_like_a_mark_of_the_index() -> None:
    assert not any("\ue000" in token or " " in token or "'" in token for token in tokens('\ue000c1 o\'clock "a" b\\c'))


def test_folding_is_stable() -> None:
    for _query, text in FINDS:
        assert fold(fold(text)) == fold(text)
