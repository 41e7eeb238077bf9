"""The emoji of the picker, in groups. Their English names, for the search, come from Python's own table of Unicode."""

from __future__ import annotations

import unicodedata
from functools import cache

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

GROUPS = {
    _("Smileys"): (
        "😀😃😄😁😆😅🤣😂🙂🙃🫠😉😊😇🥰😍🤩😘😗😚😙🥲😋😛😜🤪😝🤑🤗🤭🫢🫣🤫🤔🫡🤐🤨😐😑😶🫥😏😒🙄😬🤥😌😔😪🤤😴"
        "😷🤒🤕🤢🤮🤧🥵🥶🥴😵🤯🤠🥳🥸😎🤓🧐😕🫤😟🙁😮😯😲😳🥺🥹😦😧😨😰😥😢😭😱😖😣😞😓😩😫🥱😤😡😠🤬😈👿💀💩🤡👹👻👽🤖"
        "😺😸😹😻😼😽🙀😿😾🙈🙉🙊💌💘💝💖💗💓💞💕💔🧡💛💚💙💜🤎🖤🤍💯💢💥💫💦💨💬💤"
    ),
    _("People and body"): (
        "👋🤚🖖👌🤌🤏🤞🫰🤟🤘🤙👈👉👆👇👍👎✊👊🤛🤜👏🙌🫶👐🤲🤝🙏💅🤳💪🦵🦶👂👃🧠👀👁👅👄👶🧒👦👧🧑👱👨🧔👩🧓👴👵🙍🙅🙆💁🙋🧏🙇🤦🤷"
        "👮👷💂👸👳👲🧕🤵👰🤰🤱👼🎅🤶🦸🦹🧙🧚🧛🧜🧝🧞🧟💆💇🚶🧍🧎🏃💃🕺👯🧖🧗🏇🏂🏄🚣🏊🚴🧘🛀🛌👪👣"
    ),
    _("Animals and nature"): (
        "🐵🐒🦍🐶🐕🐩🐺🦊🦝🐱🐈🦁🐯🐅🐆🐴🐎🦄🦓🦌🐮🐂🐄🐷🐖🐗🐏🐑🐐🐪🐫🦙🦒🐘🦏🦛🐭🐀🐹🐰🐇🦔🦇🐻🐨🐼🦥🦦🦘🦡🐾🦃🐔🐓🐣🐤🐥🐧🕊🦅🦆🦢🦉🦩🦚🦜"
        "🐸🐊🐢🦎🐍🐲🐉🐳🐋🐬🐟🐠🐡🦈🐙🐚🐌🦋🐛🐜🐝🐞🦗🕷🦂💐🌸💮🌹🥀🌺🌻🌼🌷🌱🌲🌳🌴🌵🌾🌿🍀🍁🍂🍃🍄"
        "🌍🌙🌚🌛🌝🌞⭐🌟🌠⛅🌈☔⚡⛄🔥💧🌊"
    ),
    _("Food"): (
        "🍇🍈🍉🍊🍋🍌🍍🥭🍎🍏🍐🍑🍒🍓🫐🥝🍅🥥🥑🍆🥔🥕🌽🥒🥬🥦🧄🧅🥜🌰🍞🥐🥖🥨🥯🥞🧇🧀🍖🍗🥩🥓🍔🍟🍕🌭🥪🌮🌯🥙🧆🥚🍳🥘🍲🥣🥗🍿🧈🍱🍘🍙🍚🍛🍜🍝🍠🍢🍣🍤🍥🥮🍡🥟🥠🥡"
        "🦀🦞🦐🦑🍦🍧🍨🍩🍪🎂🍰🧁🥧🍫🍬🍭🍮🍯🍼🥛☕🫖🍵🍶🍾🍷🍸🍹🍺🍻🥂🥃🥤🧋🧃🧉🧊🥢🍴🥄"
    ),
    _("Travel"): (
        "🧭🗻🏠🏡🏢🏣🏥🏦🏨🏪🏫🏬🏭🏯🏰💒🗼🗽⛪🕌🛕⛩🕋⛲⛺🌁🌃🌄🌅🌆🌇🌉🎠🎡🎢🎪🚂🚃🚄🚅🚆🚇🚈🚊🚌🚎🚑🚒🚓🚕🚗🚙🛻🚚🚜🏎🏍🛵🛺🚲🛴🛹🚏⛽🚨🚦🛑🚧⚓⛵🚤🚢🛫🛬💺🚁🚠🚡🚀🛸🧳⌛⏳⌚⏰🎑"
    ),
    _("Activities"): (
        "🎃🎄🎆🎇🧨✨🎈🎉🎊🎋🎍🎎🎏🎐🧧🎀🎁🎫🏆🏅🥇🥈🥉⚽⚾🥎🏀🏐🏈🏉🎾🥏🎳🏏🏑🏒🥍🏓🏸🥊🥋🥅⛳🎣🤿🎽🎿🛷🥌🎯🪀🪁🎱🔮🪄🎮🎰🎲🧩🧸🎭🎨🧵🧶🎼🎵🎶🎤🎧📻🎷🎸🎹🎺🎻🥁🎬"
    ),
    _("Objects"): (
        "👓🥽🥼👔👕👖🧣🧤🧥🧦👗👘🥻👙👚👛👜👝🎒👞👟🥾🥿👠👡👢👑👒🎩🎓🧢💄💍💎🔇🔊📢🔔📱☎📞🔋🔌💻🖨🖥💽💾💿📀🎥📷📸📹🔍💡🔦🏮📔📕📖📗📘📙📚📓📃📜📄📰🔖💰💴💵💶💷💳🧾📧📦📫📬📮📝💼📁📂📅📆📈📉📊📋📌📍📎📏📐✂🔒🔓🔑🔨🪓🔧🧲🧪🧬🔬🔭💉💊🚪🛏🛋🚽🚿🛁🧹🧺🧻🧼🧽🛒🚬"
    ),
    _("Signs"): (
        "❤💟☮✝☪🕉☸✡🔯🕎☯⛎♈♉♊♋♌♍♎♏♐♑♒♓🆗🆕🆒🆓🆙🔝🔜🔚🔙✅❌❎❓❔❗❕‼⁉➕➖➗✖💲♻🔰⭕✔☑🔘🔴🟠🟡🟢🔵🟣🟤⚫⚪🟥🟧🟨🟩🟦🟪⬛⬜🔶🔷🔺🔻💠🏁🚩🏴🏳🔞📵🚭🚯🚳🔕🔅🔆📶♾⚕⬆➡⬇⬅↗↘↙↖🔄🔀🔁▶⏸⏹⏺⏭⏮⏩⏪🔼🔽"
    ),
}
_AS_PICTURE = "\ufe0f"


@cache
def _named(characters: str) -> list[list[str]]:
    return [[_picture(one), unicodedata.name(one, "").lower()] for one in characters]


def _picture(character: str) -> str:
    """Those of the older signs are drawn as text unless asked otherwise."""
    return character if ord(character) >= 0x1F300 else character + _AS_PICTURE


def emoji_groups() -> list[dict[str, object]]:
    return [{"name": gettext(name), "emoji": _named(characters)} for name, characters in GROUPS.items()]
