"""What people of the demo town say to each other.

A line "@ 3d 18:40" sets the clock to 18:40 three days ago, "@ 25m" to 25 minutes ago; each message moves it on a
little. After a name and a colon comes what is said, or [scene/number] for pictures, or a red envelope as in
[lucky 8800 for 6: greeting]. A line that begins with "claim:" names those who open the last one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    title: str
    owner: str
    members: str
    announcement: str
    script: str


GROUPS = [
    Group(
        "Weekend hikes ⛰️ 周末徒步",
        "tom",
        "mei lei kenji priya grace zara",
        "Saturday 07:30 at the north gate. Bring water, a rain jacket, and something to share at the top.",
        """
@ 4d 17:02
tom: Right. Who is in for Saturday? Forecast says dry until three.
grace: In. I will be there at 6 and run up twice while you find your socks
zara: i feel personally attacked
lei: 我来！上周的路线太短了，这次走长一点？
mei: 我和磊哥一起，带相机 📷
priya: Flying in Friday night, so yes, but I reserve the right to complain on every uphill
tom: Noted. Complaining is on the packing list.
kenji: I bring tea. 6 cups, one small stove.
zara: kenji you are the reason this group exists
@ 4d 20:15
lei: 新路线：北门 → 竹林 → 山脊 → 湖边。14 公里，爬升 820 米。
lei: North gate, bamboo, ridge, lake. 14 km, 820 m up.
tom: 820 metres "up" as in all at once?
lei: 一开始慢慢来，最后 200 米很陡 😅
grace: perfect
priya: I would like to begin complaining now
@ 2d 05:58
grace: I am at the gate. Nobody is at the gate.
tom: It is 5:58, Grace
grace: The mist is unreal though
grace: [terraces/1]
mei: 太美了！等我，我要拍这个
zara: on the bus!! save me a rock to sit on
@ 2d 12:31
mei: [mountains/2] [mountains/5] [terraces/3]
mei: 山脊上的光，五分钟就没了
priya: I would like it recorded that I complained only four times
tom: Five. The bridge counts.
kenji: Tea at the top: three kinds. Next time I bring the big pot.
lei: 今天一共 14.3 公里，大家太厉害了 👏
zara: my legs are a rumour
@ 1d 19:20
tom: Photos are in. Mei, the third one goes on the bakery wall if you let me.
mei: 当然可以！换一个面包就行 🍞
tom: A loaf a week for a year.
mei: 成交
@ 95m
lei: 下周六有人想走夜路看日出吗？三点集合
grace: YES
zara: three in the AFTERNOON right
tom: Zara, sit down.
priya: New complaint filed.
tom: Prize for whoever brings the most people ↓
tom: [lucky 6600 for 6: For sore legs 🦵]
claim: grace zara mei
zara: haha I got more than grace for once in my life
""",
    ),
    Group(
        "Slow readers 📚",
        "amina",
        "tom david zara elena pierre aisha",
        "This month: “The Summer Book” by Tove Jansson. No spoilers before Thursday.",
        """
@ 6d 18:30
amina: Welcome back, slow readers. This month is short on purpose: 160 pages, an island, a grandmother and a child.
david: Short I can do. I read in ambulance bays.
zara: pls tell me nobody dies
elena: It is by the person who made the Moomins. Somebody is always about to be swept away by the sea, gently.
pierre: Je l’ai lu à ma petite-fille l’été dernier. Elle m’a demandé pourquoi la grand-mère jurait autant.
tom: Best sentence so far: the one about moss only bearing being stepped on three times.
aisha: “…the third time it dies.” I think about this every time someone asks for one more meeting
@ 5d 21:12
zara: page 40 and i already want to move to an island
david: You complained when the library was 10 minutes away.
zara: an island WITH a library
amina: I would come and run it. Payment in fish.
elena: Chemistry note: the story with the plastic tree is about rubber, and about lying kindly.
aisha: kind lies, discuss
pierre: À mon âge on appelle ça la politesse.
@ 3d 19:00
tom: Thursday, eight o’clock my time. I will put a loaf in front of the camera so you can all be jealous.
amina: And I mint tea.
david: And I will be late. Full moon.
zara: is that a real thing
david: Every nurse I know says yes. Every study says no.
aisha: Two kinds of evidence: logs and lore
@ 2d 22:40
amina: What a good evening. Thank you all. Pierre, your reading aloud of the last page…
pierre: C’est le livre, pas moi.
elena: Next: something with snow? Or something with a trial?
zara: something where they LEAVE the house
tom: I vote travel. Bouvier, The Way of the World?
aisha: +1, Geneva to the Khyber Pass in a Fiat. My kind of commute
amina: Then it is decided. I have four copies in the shop and will send two.
@ 3h
david: Started it on break. “Travelling outgrows its motives.” OK, I am in.
amina: I knew that line would catch you.
zara: nobody told me it starts with him learning the ACCORDION
tom: Nobody could have prevented it.
zara: [sticker laugh]
elena: [books/2]
elena: My stack until New Year. Judge me by the spines.
amina: @tom The green one is excellent. The red one you will throw at the wall, and then finish.
""",
    ),
    Group(
        "家里人 🏠",
        "mei",
        "lei chen",
        "",
        """
@ 5d 11:05
chen: 今天店里来了三桌外国客人，全点了特辣
chen: 第一桌五分钟就要了两瓶酸奶 😂
mei: 你没提醒人家吗
chen: 提醒了，他们说 no problem
lei: 表哥的“微辣”都能让人看见祖宗
chen: 那是本店特色
@ 3d 12:48
chen: [noodles/1] [noodles/4]
chen: 新品：番茄抄手面，一点都不辣。小美你来试
mei: 真的不辣？
chen: 真的。我妈都说不辣
lei: 姨妈说不辣的东西，我一般不敢碰
@ 2d 20:30
mei: 十一月妈生日，我们订个位子？
chen: 订什么位子，来店里，我下厨
lei: 蛋糕我来买，芒果的
mei: 妈说不要奶油太多
chen: 收到。长寿面我亲手拉
@ 70m
chen: 今天营业额破纪录了！给大家发个红包 🧧
chen: [normal 1760 for 2: 生意兴隆，家人同乐]
claim: mei lei
mei: 谢谢表哥！！
lei: 老板大气 🙏
chen: 晚上别加班，早点吃饭
""",
    ),
    Group(
        "Clay & Light",
        "sofia",
        "mei lucas kenji ingrid tom",
        "Share work in progress. Be kind, be exact.",
        """
@ 5d 15:10
sofia: Abrí el horno esta mañana. Dos piezas rotas, una perfecta. Así es esto.
sofia: [tea/1]
kenji: この青、とても深いです。The glaze is beautiful. Is it ash?
sofia: Sí, ceniza de encino. Tarda tres días pero canta.
lucas: Parece o mar de Ubatuba às cinco da tarde.
mei: 想拍它，放在窗边，早上七点的光。
@ 4d 22:47
ingrid: From last night. Eleven minutes of waiting, four seconds of this.
ingrid: [aurora/1] [aurora/2]
lucas: Não acredito. Sem filtro?
ingrid: No filter. Cold hands.
tom: I would like to bake something that colour and I do not know where to start
sofia: Con espinaca, Tom. Y mala suerte.
@ 3d 13:33
lucas: Rua Augusta ontem, choveu o dia inteiro.
lucas: [street/1] [street/3]
mei: 第二张的反光太好了。你用的多少快门？
lucas: 1/30, segurando a respiração
kenji: I also make tea holding my breath. It helps.
@ 1d 09:15
kenji: A customer asked for a cup “that feels like rain”. I am writing to you, Sofía.
sofia: ¿De qué lluvia hablamos? ¿De junio o de noviembre?
kenji: November, I think.
sofia: Entonces gris, con una línea de azul que casi no se ve. Te mando dos.
@ 40m
sofia: [tea/6]
sofia: Kenji, ¿así?
kenji: …はい。これです。This is exactly the rain.
ingrid: I want to be described by this group
mei: 冷的手，热的心 🙂
""",
    ),
]

# Between two friends.
DIRECT = {
    ("tom", "mei"): """
@ 3d 08:12
mei: Tom, 面包店墙上的照片要多大？
tom: About a metre wide? Whatever makes the fog look wettest.
mei: 那我用哑光纸，雾会更软
tom: You are the expert. I only know crusts.
@ 1d 10:20
mei: [terraces/3]
mei: 这张怎么样？
tom: That is the one. Customers will stop buying bread and just stand there.
mei: 那我赔你一年的面粉 😄
@ 20m
mei: [film sunrise]
mei: 昨天早上拍的，听海的声音
tom: [sticker love]
tom: Frame arrived. Hanging it tonight.
mei: 发照片给我！
tom: [normal 5200 for 1: For the frame, and lunch]
claim: mei
mei: 收到啦，谢谢！周六请你喝咖啡 ☕
""",
    ("tom", "zara"): """
@ 2d 14:00
zara: tom do you need someone on sundays
tom: Can you carry 25 kg and be cheerful at 4:30?
zara: i can do one of those
tom: Which one?
zara: depends on the day
@ 1d 14:30
tom: Come by Sunday, nine. We will start you on the till.
tom: [place The bakery | 3 Mill Lane, by the bridge | 51.75222, -1.25596]
zara: NINE. i love you
zara: in a professional way
@ 8m
zara: small question. is “i baked it myself” true if you told me what to do
tom: That is how everyone starts.
zara: ok because i told my mum i’m a baker
""",
    ("tom", "pierre"): """
@ 4d 16:00
pierre: Tom, j’ai récolté les dernières tomates. Il en reste onze kilos.
tom: Eleven kilos in November, Pierre, what did you do to them
pierre: Je leur parle. Le soir surtout.
tom: Do you want my focaccia recipe, or did you want to gloat?
pierre: Les deux.
@ 5h
pierre: [fruit/1]
pierre: Voilà ce qu’il reste.
tom: That is a painting. Keep one for the seeds.
""",
    ("tom", "aisha"): """
@ 2d 18:45
aisha: Your order page took 9 seconds. NINE. I looked.
tom: Is that bad?
aisha: Tom. Bread proves faster.
tom: Can you fix it? I can pay in rye.
aisha: Already did. Images were 14 MB each. Now 0.8 s. You owe me one rye.
tom: [file winter-menu.pdf]
tom: Could this go on the page too? It is two pages shorter than last year.
aisha: [card minjun]
aisha: Ask him for a sound to go with it. He records rain. It will make people hungry :loaf:
tom: Two. One is interest.
""",
    ("tom", "david"): """
@ 3d 03:10
david: Question from a night shift: can I freeze dough
tom: Yes. After the first rise, before shaping. Three weeks at most.
david: Saved a life today. Now a baguette.
tom: [voice 5]
david: Understood. Before shaping. I will dream of it.
""",
    ("mei", "lei"): """
@ 1d 07:40
lei: 记得带伞，下午有雨
mei: 带了。你几点下班？
lei: 今晚联调，可能九点
mei: 那我先吃，给你留汤
@ 33m
lei: 提前结束了！现在回家
mei: 正好，汤刚开 🍲
lei: [city/2]
lei: 今天的天
""",
    ("mei", "lucas"): """
@ 2d 23:05
lucas: Mei! Posso usar tua foto da ponte no meu workshop? Com crédito, claro.
mei: 可以啊！学生们喜欢吗？
lucas: Ficaram dez minutos em silêncio. Em São Paulo isso é um recorde.
mei: 哈哈，那我很荣幸
""",
    ("omar", "amina"): """
@ 2d 17:25
amina: وصلت المخططات. الدرج الحلزوني أجمل مما تخيّلت.
omar: خفت أن يكون ضيّقًا على عربة الكتب.
amina: سنحمل الكتب على أكتافنا، كما في الأيام القديمة.
omar: إذن أضيف مقعدًا في منتصف الدرج. للراحة والقراءة.
amina: هذا هو السبب في أنني اخترتك.
@ 55m
omar: [books/5]
omar: هكذا أتخيّل الركن في المساء.
amina: أريد أن أسكن هذه الصورة.
""",
    ("omar", "zara"): """
@ 1d 15:00
zara: khalo omar how do you say “deadline” in arabic
omar: الموعد النهائي. لماذا؟
zara: writing it on my wall so i feel it in two languages
""",
    ("kenji", "yuki"): """
@ 2d 02:30
yuki: 新しい絵本、最後のページだけ決まりません。
kenji: 最後は、お茶にしましょう。
yuki: いつもそれですね。
kenji: いつも、それでうまくいきます。
@ 4h
yuki: [cat/2]
yuki: 結局、猫がお茶をのみました。
kenji: 名作です。
""",
    ("sofia", "kenji"): """
@ 1d 16:20
sofia: Las tazas salen el jueves. Van envueltas en periódico de aquí, para que leas.
kenji: ありがとうございます。I will read every page, slowly, with a dictionary.
""",
    ("priya", "grace"): """
@ 1d 06:10
priya: 112 hatchlings last night. One hundred and twelve!!
grace: That is 2 to the 4th times 7. Well done, turtles
priya: You are the only person who factorises joy
""",
    ("aisha", "minjun"): """
@ 3d 19:30
minjun: I recorded rain on four different roofs. Which one is Lagos?
aisha: The loud one
minjun: They are all loud
aisha: Then the one where you can hear a generator start at the end
minjun: …track 3. Incredible
""",
    ("nok", "priya"): """
@ 2d 05:00
nok: เด็กๆ วาดเต่าให้พี่ค่ะ 🐢 They drew you turtles! 31 of them.
priya: I need all 31 for the station wall, I am not joking
nok: จะส่งไปพรุ่งนี้เลยค่ะ
""",
}
