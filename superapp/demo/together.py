"""What groups of the demo town do together, after what they have said: minutes ago, who, what."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Asked:
    ago: int
    who: str
    question: str
    options: list[str]
    votes: dict[str, list[int]]
    is_multiple: bool = False


@dataclass(frozen=True)
class Joined:
    ago: int
    who: str
    title: str
    description: str
    example: str
    lines: dict[str, str]


@dataclass(frozen=True)
class ToDo:
    ago: int
    who: str
    text: str
    done_by: str


@dataclass(frozen=True)
class Together:
    poll: Asked | None = None
    sign_up: Joined | None = None
    todo: ToDo | None = None
    words: list[tuple[int, str, str]] = field(default_factory=list)
    later: list[tuple[int, str, str]] = field(default_factory=list)  # hours ahead


TOGETHER = {
    "Weekend hikes ⛰️ 周末徒步": Together(
        poll=Asked(
            ago=62,
            who="lei",
            question="夜路看日出，走哪条？ Which way to the sunrise?",
            options=["山脊 The ridge", "湖边 The lake", "竹林 The bamboo"],
            votes={"lei": [1], "mei": [1], "grace": [1], "kenji": [3], "priya": [2]},
        ),
        sign_up=Joined(
            ago=48,
            who="tom",
            title="Breakfast at the top",
            description="Write what you carry up. I bring two loaves.",
            example="Tea for six",
            lines={"tom": "Two loaves, still warm", "kenji": "Tea, the big pot", "mei": "相机和茶叶蛋", "grace": ""},
        ),
        todo=ToDo(ago=35, who="tom", text="Charge your head torch", done_by="grace kenji lei"),
        words=[(22, "tom", "@zara the list is still missing your name 😄"), (20, "lei", "@mei 记得带备用电池")],
        later=[(14, "tom", "Alarm clocks on, everybody. See you at the gate! @all")],
    )
}
