"""What people of the demo town show in Moments, and what their friends say to it.

`when` is in hours before now. Comments: who, text, and the number of the comment that is answered, if any.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Post:
    author: str
    when: float
    text: str = ""
    photos: str = ""
    likes: str = ""
    comments: list[tuple[str, str] | tuple[str, str, int]] = field(default_factory=list)
    private: bool = False


POSTS = [
    Post("grace", 150, "Before the city wakes up it belongs to runners and milk trucks.", "field/1", "tom zara priya lei"),
    Post("pierre", 141, "Première gelée annoncée. J’ai rentré les citronniers, un par un, en m’excusant.", "fruit/1",
         "tom elena david", [("elena", "They forgive you, Pierre."), ("pierre", "Le grand, non.", 0)]),
    Post("chen", 128, "今天的汤熬了九个小时。急不得。", "noodles/1 noodles/4", "mei lei tom",
         [("mei", "隔着屏幕都闻到了"), ("lei", "明天见！"), ("chen", "给你们留两碗", 1)]),
    Post("yuki", 118, "締め切りまであと三日。猫は知らんぷり。", "cat/1", "mei kenji nok", [("nok", "น่ารักมาก! แมวไม่สนใจเวลาเลย")]),
    Post("ingrid", 112, "Night 9 of 30. Minus fourteen, no wind, and then the whole sky moved.", "aurora/1 aurora/2 aurora/3",
         "tom mei sofia kenji minjun",
         [("mei", "太震撼了！我明年一定要去"), ("ingrid", "Bring wool. And patience.", 0), ("tom", "I can feel my ears from here")]),
    Post("lucas", 96, "Dia de chuva é dia de trabalho.", "street/1 street/2 street/3 street/4", "mei sofia tom minjun omar",
         [("sofia", "La tercera. La tercera."), ("mei", "Sofía 说得对，第三张")]),
    Post("omar", 90, "أحبّ المدن التي لا تُصعَد إلا مشيًا.", "desert/1", "amina tom mei zara lucas",
         [("amina", "ولا تُقرأ إلا ببطء."), ("zara", "my calves disagree but ok")]),
    Post("nok", 84, "วันนี้สอนเรื่องฤดูกาล เด็กคนหนึ่งบอกว่า “ฤดูที่ห้าคือวันหยุด” ✏️", "blossom/1 blossom/2", "priya kenji yuki",
         [("priya", "That child is right")]),
    Post("aisha", 77, "Deleted 4,000 lines today. Nothing broke. Best feeling in the trade.", "", "tom grace zara minjun david",
         [("minjun", "This is also how I mix"), ("david", "Please do not say that near my profession")]),
    Post("kenji", 72, "今朝の一杯。霧の味がします。", "tea/2", "mei sofia yuki ingrid tom lei nok",
         [("tom", "What does fog taste of?"), ("kenji", "Of waiting, a little.", 0)]),
    Post("elena", 65, "Пирог с яблоками, попытка третья. Первые две мы не обсуждаем.", "fruit/2", "tom amina pierre zara david",
         [("david", "We should discuss them"), ("elena", "Нет.", 0)]),
    Post("mei", 52, "清晨六点，山脊上的光只停了五分钟。\n谢谢一起早起的人。",
         "mountains/1 mountains/2 mountains/3 terraces/1 terraces/2 terraces/3 field/2 mountains/4 mountains/5",
         "tom lei chen kenji sofia lucas ingrid priya zara",
         [("lei", "第五张！当壁纸了"), ("tom", "The whole group in nine frames and not one of my red face. Thank you."),
          ("priya", "I complained in every single one of these"), ("mei", "听得见 😄", 2), ("zara", "printing no. 2")]),
    Post("david", 47, "Twelve hours, one sunrise, zero regrets about the third coffee.", "city/1", "tom aisha elena grace pierre",
         [("grace", "Sleep, doctor."), ("david", "Soon.", 0)]),
    Post("sofia", 41, "Nueva serie: “Lluvia de noviembre”. Dos tazas, una taza rota, una lección.", "tea/1 tea/6",
         "tom mei kenji lucas ingrid", [("kenji", "I am the proud future owner of two."), ("ingrid", "And the lesson?"),
                                        ("sofia", "No abrir el horno por ansiosa.", 1)]),
    Post("minjun", 36, "새벽 세 시, 한강. 녹음기가 얼었다.", "city/2", "mei aisha lucas ingrid", [("ingrid", "Welcome to my office")]),
    Post("priya", 30, "112 hatchlings, all of them in a hurry. If you ever feel late, remember they waited sixty days.",
         "sea/1 sea/2 sea/3", "tom mei grace nok lei",
         [("grace", "112 = 16 × 7, as I keep telling everyone"), ("tom", "What do they do first?"),
          ("priya", "Run at the moon. Same as you lot on Saturdays.", 1)]),
    Post("lei", 27, "14.3 公里，820 米，七个人，六种茶点，零次迷路。", "terraces/2 field/2", "mei tom kenji grace zara chen priya",
         [("zara", "we got lost twice"), ("lei", "那叫探索", 0)]),
    Post("amina", 22, "وصلت اليوم صناديق الخريف. رائحة الورق الجديد تشبه بداية الطريق.", "books/1 books/5",
         "omar tom zara david elena pierre aisha", [("omar", "احجزي لي واحدًا من كل شيء."), ("elena", "I can smell this picture")]),
    Post("zara", 15, "did the overhang on the 11th try. nobody saw. i am telling you all now.", "", "tom grace amina lei omar elena",
         [("grace", "I believe you, and I want video"), ("tom", "Proud. Use both hands on the till too.")]),
    Post("mei", 9, "旧书店的下午，什么也没买，什么都想带走。", "books/3", "lei tom yuki omar",
         [("omar", "أعرف هذا الشعور جيدًا."), ("yuki", "わかります。")]),
    Post("tom", 6, "Today’s bake: forty sourdoughs, one shaped like a fish because Zara was in charge for ten minutes.",
         "bike/1 tea/3", "mei zara aisha sofia pierre grace elena kenji",
         [("zara", "IT WAS A LEAF"), ("pierre", "C’est un brochet."), ("tom", "I rest my case", 1), ("aisha", "Ship it.")]),
    Post("chen", 3, "打烊了。今天洗了四百个碗，谢谢每一位。", "lanterns/1", "mei lei tom", [("mei", "表哥辛苦了！早点休息")]),
    Post("tom", 2, "Note to self: ask Pierre about the tomatoes before he tells everybody.", private=True),
    Post("ingrid", 1, "Cloud. Cake instead.", "balloons/1", "tom sofia mei", [("sofia", "¿Qué pastel?")]),
]  # fmt: skip
