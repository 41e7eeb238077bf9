"""The two public accounts of the demo town and their articles."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Text:
    title: str
    digest: str
    cover: str
    days: float
    body: str
    comments: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Paper:
    handle: str
    name: str
    bio: str
    owner: str
    picture: str
    followers: str
    texts: list[Text]


PAPERS = [
    Paper(
        "slow_kitchen",
        "The Slow Kitchen",
        "One dish, one question, once a week. Written between two bakes.",
        "tom",
        "tea/3",
        "mei zara pierre elena david sofia aisha grace chen nok amina kenji",
        [
            Text(
                "Why bread tastes better on the second day",
                "Starch, steam and a little patience: what happens inside a loaf while you sleep.",
                "tea/2",
                6,
                """
<p>Every morning somebody asks me for the warmest loaf on the shelf, and every morning I try to talk them out of it. A
loaf that has just left the oven is not finished. It is still cooking, and it is still wet.</p>
<h2>What is going on in there</h2>
<p>When dough bakes, the starch inside swells with water and sets into a soft gel. The crust, meanwhile, is as dry as it
will ever be. For the next hours water moves from the middle to the edge. The crumb firms up enough to be cut, and the
crust stops shattering and begins to chew.</p>
<p>Flavour moves too. The smells we love in fresh bread are made mostly in the crust. Given a night, they wander
inwards. That is why a slice from yesterday’s loaf tastes of bread all the way through, and a slice from a hot one tastes
of steam with a rumour of bread around it.</p>
<h2>Three rules I keep</h2>
<ul>
<li>Never cut a sourdough within two hours. Four is better.</li>
<li>Keep it in paper or cloth, cut side down. Plastic gives you a soft crust and, by Thursday, a garden.</li>
<li>Never put bread into the refrigerator. Cold makes starch go stale about six times faster.</li>
</ul>
<blockquote><p>“But it smells so good now.” It does. So does rain. You still wait for it to stop.</p></blockquote>
<p>If you cannot wait, buy two.</p>
""",
                [
                    ("pierre", "La règle du papier, je la grave au-dessus du four."),
                    ("zara", "i have been storing bread in the fridge for 3 years"),
                ],
            ),
            Text(
                "A starter is a pet that forgives",
                "You forgot to feed it. Good. Here is what to do now.",
                "fruit/2",
                4,
                """
<p>A sourdough starter is flour, water, and a crowd: wild yeasts that make the bubbles, and bacteria that make the
acid. They live off each other’s left-overs. It is the most peaceful town I know.</p>
<p>People write to me in despair because they went on holiday. The jar has a grey layer on top and smells of nail
varnish. Is it dead? Almost never. The liquid is alcohol. Your crowd is hungry, and has been drinking.</p>
<h2>The rescue</h2>
<ol>
<li>Pour off the liquid. Do not stir it in unless you like your bread angry.</li>
<li>Take one spoonful from the middle. Throw the rest away, or make pancakes.</li>
<li>Add fifty grams of flour and fifty of water. Wait a day. Do it again. And again.</li>
</ol>
<p>By the third day it will rise and fall on time. If you see pink or orange, that is another story: throw it all away and
ask a neighbour for a spoonful of theirs. That is how every starter in this street came to be, including mine.</p>
""",
                [
                    ("elena", "As a chemist: correct. As a mother of a starter: I feel seen."),
                    ("aisha", "So it is an eventually consistent system"),
                ],
            ),
            Text(
                "Soup for people who have no time",
                "Twenty minutes, one pot, and the heel of the loaf.",
                "noodles/2",
                1.5,
                """
<p>This is what I eat on days when I sell three hundred loaves and forget to keep one.</p>
<p>Warm a good glug of oil. Add two cloves of garlic, sliced, and a spoon of sweet paprika; take the pot off the heat
before the paprika goes brown. Tear in a thick slice of stale bread. Pour over a litre of stock, simmer ten minutes, and
break the bread up with a whisk until the soup is thick.</p>
<p>Poach an egg in it for each person. That is all. In Spain it has a name and a thousand years; in my kitchen it has
eleven minutes and a spoon.</p>
<p><strong>Serves:</strong> two, or one baker.</p>
""",
                [("sofia", "Sopa de ajo. Mi abuela aprobaría, con más ajo.")],
            ),
        ],
    ),
    Paper(
        "guangying",
        "光影手记",
        "一个摄影师的笔记：怎么看，怎么等，什么时候按下快门。",
        "mei",
        "mountains/2",
        "lei chen lucas ingrid kenji yuki tom sofia minjun priya omar",
        [
            Text(
                "雨天怎么拍照",
                "别收起相机。雨把城市变成了一面镜子。",
                "street/3",
                5,
                """
<p>很多朋友一下雨就把相机收起来。我正好相反：天气预报说有雨，我才出门。</p>
<h2>一、找反光，不找雨</h2>
<p>雨丝本身很难拍，地面却到处是画。蹲下来，让镜头离水洼只有一个拳头的距离，路灯、招牌、行人的伞都会在水里再出现一次。</p>
<h2>二、慢一点</h2>
<p>快门放到三十分之一秒，雨会变成细细的线；再慢，人就成了影子。靠着墙，屏住呼吸，连拍三张，总有一张是清楚的。</p>
<h2>三、带一块布</h2>
<p>不是擦相机，是擦手。手干了，心就不急。</p>
<blockquote><p>好照片不是等来的晴天，是接受了的雨天。</p></blockquote>
<p>这个星期，请你也出门一次，拍一张“不好的天气”。我在评论里等你的照片。</p>
""",
                [("lucas", "1/30 e prender a respiração. Assino embaixo."), ("lei", "原来你每次带的布是这个用处")],
            ),
            Text(
                "一扇窗，够用一年",
                "不用买灯。朝北的窗户是世界上最好的柔光箱。",
                "cat/1",
                3,
                """
<p>有人问我，拍人像要买什么灯。我的回答总是一样：先找一扇窗。</p>
<p>朝北的窗户一整天都没有直射的太阳，光是软的、匀的。让人侧身坐在窗边，离窗一米，另一边放一张白纸，脸上的阴影就会变浅。</p>
<ul>
<li>想要温柔：人离窗近一点，白纸也近一点。</li>
<li>想要有力：把白纸换成黑布。</li>
<li>想要安静：什么都不放，等云过来。</li>
</ul>
<p>我用家里的这扇窗拍了一年，拍过茶杯、猫、母亲的手。一年以后我才明白，不是我在用光，是光在教我看。</p>
""",
                [("kenji", "「光が教える」。よい言葉です。"), ("yuki", "うちの猫も出演希望です。")],
            ),
            Text(
                "五分钟的山脊",
                "为了五分钟的光，我们凌晨三点出发。",
                "mountains/5",
                1,
                """
<p>上个周末，我们七个人爬上了山脊。天气预报说多云，谁也不敢说会看到什么。</p>
<p>六点零二分，云裂开了一道缝。光从缝里倒下来，先是山顶，再是树，最后是每个人的脸。没有人说话。</p>
<p>六点零七分，云合上了。</p>
<p>下山的路上，朋友问我：为了五分钟，值得吗？我说，我们平时的一天有一千四百四十分钟，你还记得昨天的哪五分钟？</p>
""",
                [
                    ("tom", "I remember exactly these five. Thank you for writing them down."),
                    ("priya", "Worth at least four complaints."),
                ],
            ),
        ],
    ),
]
