"""Who stands at whose door: links into groups, people who ask to come in, and strangers with a word to say."""

from __future__ import annotations

HIKES = "Weekend hikes ⛰️ 周末徒步"
RULES = {"joining_needs_approval": True, "history_for_new_members": True}
ADMINS = "mei lei"

# Who comes by the link to the hikes and asks to be let in.
ASKING = [
    ("yuki", "小美さんに誘われました。山の絵を描きたいです ⛰️"),
    ("aisha", "Zara says the climbs are gentle. Zara lies, but I would like to come."),
]
# A group that somebody who wants to be asked first is invited to.
INVITED = ("zara", "aisha", "tom", "Night climbers 🧗")
# Strangers, and what they say.
STRANGERS = [
    (
        "minjun",
        "tom",
        "Hi Tom, I record sounds. Mei says your oven sings at five in the morning. May I come and listen?",
    ),
    ("nok", "omar", "สวัสดีค่ะ I teach children in Chiang Mai. They would love to see how a house is drawn."),
]
