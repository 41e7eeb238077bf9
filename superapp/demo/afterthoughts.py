"""What people of the demo town do with what has been said: react to it, put it better, take it back, pass it on, keep
it. Messages are named by how they begin."""

from __future__ import annotations

# Message: emoji and who chose it.
REACTIONS = {
    "I bring tea. 6 cups": {"❤️": "zara mei lei", "🍵": "grace"},
    "Noted. Complaining is on": {"😂": "priya zara grace lei"},
    "今天一共 14.3 公里": {"👏": "tom mei grace zara priya", "🥾": "kenji"},
    "my legs are a rumour": {"😂": "tom priya grace", "🦵": "lei"},
    "山脊上的光": {"😮": "tom grace", "❤️": "lei"},
    "Two kinds of evidence": {"👏": "david elena", "💯": "amina"},
    "冷的手，热的心": {"❤️": "sofia ingrid tom", "🥹": "lucas"},
    "新品：番茄抄手面": {"😋": "mei lei"},
    "Frame arrived": {"🎉": "mei"},
}

# Who: what it said at first, and what it says now.
EDITED = [
    ("zara", "three in the AFTERNOON right", "three in the AFTERNOON right?? lei. LEI."),
    ("david", "Started it on break.", "Started it on break. “Travelling outgrows its motives.” All right, I am in."),
]

# Where, who, and what nobody needs to read any more.
RECALLED = [("Weekend hikes ⛰️ 周末徒步", "priya", "I will carry the pot")]

# Who passes on what, from where, to whom; more than one message go as a record.
PASSED_ON = [("tom", "aisha", ["“…the third time it dies.”", "Chemistry note", "kind lies, discuss"])]

# Whose, and what they keep.
KEPT = [
    ("tom", "新路线：北门"),
    ("tom", "Next: something with snow"),
    ("mei", "十一月妈生日"),
]

# Whose, where, and of whom they keep the first pictures.
KEPT_PICTURES = [("tom", "Weekend hikes ⛰️ 周末徒步", "mei"), ("mei", "Clay & Light", "ingrid")]

# What people note for themselves.
NOTES = {
    "tom": ["Flour: 2 × 25 kg rye, 1 × spelt", "Zara starts Sunday 9:00, key under the blue pot"],
    "mei": ["哑光纸 100×70，问价"],
}
