"""Who lives in the demo town, whom they know, and how they look."""

from __future__ import annotations

from dataclasses import dataclass

from .faces import Face

_SKY = ("#bde0fe", "#7fb3ff")
_PEACH = ("#ffd6a5", "#ff9f80")
_LEAF = ("#caffbf", "#7fd8a6")
_LILAC = ("#e9d5ff", "#b79cff")
_SUN = ("#fff1b8", "#ffd166")
_ROSE = ("#ffc8dd", "#ff8fab")
_SEA = ("#c1f0ea", "#63c7be")
_SAND = ("#f1e4d1", "#d9b99b")


@dataclass(frozen=True)
class Person:
    handle: str
    name: str
    bio: str
    region: str
    face: Face
    language: str = "en"
    timezone: str = "UTC"


PEOPLE = [
    Person("tom", "Tom Baker", "Sourdough, steep hills, slow trains. I answer messages while the dough rests.", "Bristol",
           Face("peach", "copper", "short", _LEAF, "#30638e", beard="full", collar="shirt"), timezone="Europe/London"),
    Person("mei", "林小美", "摄影师。喜欢清晨的光、旧书店和下雨天。", "上海",
           Face("porcelain", "black", "fringe", _ROSE, "#2f6f5e", mouth="smile", earrings=True),
           language="zh-hans", timezone="Asia/Shanghai"),
    Person("omar", "عمر الحسن", "معماري. أرسم البيوت التي أودّ أن أعيش فيها.", "عمّان",
           Face("honey", "espresso", "parted", _SAND, "#5f4b8b", beard="stubble", glasses="square", collar="shirt"),
           language="ar", timezone="Asia/Amman"),
    Person("sofia", "Sofía Reyes", "Ceramista en Oaxaca. Barro, café y mi perra Luna. 🏺", "Oaxaca",
           Face("bronze", "espresso", "braids", _SUN, "#d1495b", mouth="grin", earrings=True),
           timezone="America/Mexico_City"),
    Person("aisha", "Aisha Bello", "I make slow software fast. Lagos traffic taught me patience, and queues.", "Lagos",
           Face("cocoa", "black", "afro", _PEACH, "#edae49", mouth="grin", earrings=True), timezone="Africa/Lagos"),
    Person("kenji", "田中健二", "京都で小さな茶屋をやっています。Tea, mostly. お気軽にどうぞ。", "京都",
           Face("sand", "black", "short", _SEA, "#3b4d5b", glasses="round", mouth="calm", collar="vee"),
           timezone="Asia/Tokyo"),
    Person("priya", "Priya Raman", "Marine biologist. Ask me about sea turtles. You will regret it. 🐢", "Chennai",
           Face("bronze", "black", "long", _SKY, "#c8553d", mouth="smile", earrings=True), timezone="Asia/Kolkata"),
    Person("amina", "أمينة المنصوري", "صاحبة مكتبة صغيرة في مراكش. الكتب لا تُعار، لكنها تُهدى.", "مراكش",
           Face("honey", "black", "scarf", _LILAC, "#30638e", scarf="#2a7f7a", mouth="smile"),
           language="ar", timezone="Africa/Casablanca"),
    Person("chen", "陈伟", "成都人，面馆老板。不辣不欢。", "成都",
           Face("sand", "black", "cap", _SUN, "#ffffff", scarf="#c8453b", mouth="grin"),
           language="zh-hans", timezone="Asia/Shanghai"),
    Person("nok", "นก ศรีสุข", "ครูประถม เชียงใหม่ ชอบเด็ก ดอกไม้ และข้าวซอย 🌼", "เชียงใหม่",
           Face("sand", "espresso", "bun", _ROSE, "#5f9c4a", mouth="smile", collar="vee"), timezone="Asia/Bangkok"),
    Person("lucas", "Lucas Almeida", "Fotógrafo de rua e goleiro de domingo. Café sem açúcar.", "São Paulo",
           Face("umber", "black", "curls", _LEAF, "#2e86ab", mouth="grin", beard="stubble"),
           timezone="America/Sao_Paulo"),
    Person("ingrid", "Ingrid Solberg", "I take people out to see the northern lights, and teach them to wait.", "Tromsø",
           Face("porcelain", "blond", "braids", _SKY, "#6b2f38", mouth="smile", freckles=True), timezone="Europe/Oslo"),
    Person("minjun", "박민준", "프로듀서. 새벽 세 시의 소리를 모읍니다. 🎧", "서울",
           Face("peach", "plum", "curls", _LILAC, "#222222", mouth="calm", glasses="round"), timezone="Asia/Seoul"),
    Person("grace", "Grace Wanjiru", "Runs before sunrise. Teaches maths after it. Nairobi.", "Nairobi",
           Face("umber", "black", "ponytail", _SUN, "#3a9d73", mouth="grin"), timezone="Africa/Nairobi"),
    Person("pierre", "Pierre Laurent", "Retraité, jardinier, grand-père à plein temps. Mes tomates ont de l’avance.", "Lyon",
           Face("peach", "silver", "parted", _SAND, "#4c8f5f", glasses="square", beard="moustache", collar="shirt"),
           timezone="Europe/Paris"),
    Person("yuki", "高橋ゆき", "絵本を描いています。猫二匹、締め切り三つ。", "札幌",
           Face("porcelain", "chestnut", "bob", _SEA, "#d98ba3", glasses="round", mouth="smile"),
           timezone="Asia/Tokyo"),
    Person("elena", "Елена Попова", "Преподаю химию, пеку пироги. И то и другое — про точность.", "Пловдив",
           Face("porcelain", "brown", "waves", _PEACH, "#30638e", mouth="smile", earrings=True),
           timezone="Europe/Sofia"),
    Person("david", "David Cohen", "Emergency doctor. If I reply in one word it is because I have one hand.", "Toronto",
           Face("peach", "espresso", "buzz", _SKY, "#2f6f5e", beard="stubble", mouth="calm", collar="vee"),
           timezone="America/Toronto"),
    Person("lei", "王磊", "地铁工程师。周末在山上，不在线。", "上海",
           Face("sand", "black", "short", _LEAF, "#d98b3a", mouth="smile", collar="crew"),
           language="zh-hans", timezone="Asia/Shanghai"),
    Person("zara", "Zara Khan", "Final year, too many tabs. Poetry, chai, climbing walls.", "London",
           Face("honey", "black", "waves", _ROSE, "#7b4b94", mouth="grin", glasses="round"), timezone="Europe/London"),
]  # fmt: skip

# Who knows whom: each line befriends its first person with all that follow.
FRIENDS = """
tom: mei sofia aisha kenji priya amina ingrid grace pierre elena david lei zara omar lucas chen
mei: lei chen kenji yuki sofia lucas ingrid priya zara minjun omar
omar: amina zara lucas
sofia: lucas kenji ingrid
aisha: grace zara david minjun
kenji: yuki nok ingrid
priya: nok grace
amina: zara david elena pierre aisha
chen: lei
nok: yuki
lucas: minjun
grace: zara david lei
pierre: elena david zara
elena: david zara
lei: kenji priya zara
ingrid: minjun
"""

# Requests that still wait for an answer: sender, receiver, greeting.
WAITING = [
    ("nok", "tom", "Hello Tom! I am Nok, a friend of Kenji and Priya. I would love your bread recipe 🥖"),
    ("yuki", "tom", "はじめまして。小美さんの友だちです。"),
    ("minjun", "zara", "We met at Lucas’s exhibition, the one with the broken projector."),
]

# Labels people put on their friends.
TAGS = {
    "tom": {"Hikers": "mei lei grace priya kenji zara", "Book club": "amina david zara elena pierre aisha"},
    "mei": {"家人": "lei chen", "摄影": "lucas ingrid sofia"},
    "omar": {"أصدقاء": "amina zara"},
}

# owner, friend, the name the owner gave them
REMARKS = [
    ("mei", "lei", "磊哥"),
    ("mei", "chen", "表哥"),
    ("tom", "pierre", "Pierre (tomatoes)"),
    ("chen", "mei", "小美妹妹"),
]
STARRED = [("tom", "mei"), ("tom", "zara"), ("mei", "lei")]
