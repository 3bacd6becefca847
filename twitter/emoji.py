"""Which runs of characters X sees as one emoji.

What one of them weighs is in `text.py`. A single code point needs no rule here: every emoji of one code
point has the default weight anyway.

Source: UTS #51 (the sequences recommended for interchange, up to Emoji 17) in the form twitter-text v3 wants
them: fully qualified, with their variation selectors. A sequence nobody recommends counts by its parts, as it
does on X; where the rules below are wider than the list (any person-like emoji may take a gender sign) they
never join more than ten code points, so a chain of joiners cannot be counted as nothing.
"""

import regex

_JOINER = "\u200d"
_AS_EMOJI = "\ufe0f"  # the variation selector that asks for the picture
_TONE = "[\U0001f3fb-\U0001f3ff]"
_PERSON = "[👨👩🧑]"
_BODY = r"[\p{Emoji_Modifier_Base}&&\p{Emoji_Presentation}]"
# Text unless the selector or a tone follows:
_BODY_THAT_ASKS = r"[\p{Emoji_Modifier_Base}--\p{Emoji_Presentation}]"
_GENDER = f"[♀♂]{_AS_EMOJI}"
_TO_THE_RIGHT = f"{_JOINER}➡{_AS_EMOJI}"

_PAIR = f"{_PERSON}{_TONE}?{_JOINER}(?:🤝|🐰|🫯|❤{_AS_EMOJI}(?:{_JOINER}💋)?){_JOINER}{_PERSON}{_TONE}?"
_FAMILY = f"{_PERSON}(?:{_JOINER}{_PERSON})?(?:{_JOINER}[👦👧🧒]){{1,2}}"
_ROLE = (
    f"{_PERSON}{_TONE}?{_JOINER}"
    f"(?:[⚕⚖✈]{_AS_EMOJI}|[🌾🍳🍼🎄🎓🎤🎨🏫🏭💻💼🔧🔬🚀🚒🦰🦱🦲🦳🩰]|[🦯🦼🦽](?:{_TO_THE_RIGHT})?)"
)
_WALKER = f"[🚶🏃🧎]{_TONE}?(?:{_JOINER}{_GENDER})?{_TO_THE_RIGHT}"
_GENDERED = f"(?:{_BODY}{_TONE}?|[🧞🧟]|{_BODY_THAT_ASKS}(?:{_TONE}|{_AS_EMOJI})){_JOINER}{_GENDER}"
_TWO_HANDS = f"🫱{_TONE}{_JOINER}🫲{_TONE}"

# Two pictures joined into a third; "+" stands for the joiner and "!" for the selector: an editor hides them.
_BLENDS = (
    "⛓!+💥 ❤!+🔥 ❤!+🩹 🍄+🟫 🍋+🟩 🏳!+⚧! 🏳!+🌈 🏴+☠! 🐈+⬛ 🐕+🦺 🐦+⬛ 🐦+🔥 🐻+❄! 👁!+🗨! 👁+🗨 "
    "😮+💨 😵+💫 😶+🌫! 🙂+↔! 🙂+↕!"
)
_BLEND = _BLENDS.replace("+", _JOINER).replace("!", _AS_EMOJI).strip().replace(" ", "|")

# By first letter, the second letters that make a flag: ISO 3166 regions and a few more (emoji-sequences.txt).
_REGIONS = (
    "A CDEFGILMOQRSTUWXZ,B ABDEFGHIJLMNOQRSTVWYZ,C ACDFGHIKLMNOPQRUVWXYZ,D EGJKMOZ,E ACEGHRSTU,F IJKMOR,"
    "G ABDEFGHILMNPQRSTUWY,H KMNRTU,I CDELMNOQRST,J EMOP,K EGHIMNPRWYZ,L ABCIKRSTUVY,"
    "M ACDEFGHKLMNOPQRSTUVWXYZ,N ACEFGILOPRUZ,O M,P AEFGHKLMNRSTWY,Q A,R EOSUW,S ABCDEGHIJKLMNORSTVXYZ,"
    "T ACDFGHJKLMNORTVWZ,U AGMNSYZ,V ACEGINU,W FS,X K,Y ET,Z AMW"
)
_NATIONS = ("gbeng", "gbsct", "gbwls")  # England, Scotland, Wales: the only flags made of tags


def _regional(letter: str) -> str:
    return chr(0x1F1E6 + ord(letter) - ord("A"))


def _flags() -> str:
    """Write the pattern of all flags: two letters of a region, or the black flag with a nation's tags."""
    regions = (pair.split(" ") for pair in _REGIONS.split(","))
    letters = (f"{_regional(first)}[{''.join(map(_regional, seconds))}]" for first, seconds in regions)
    tags = ("🏴" + "".join(chr(0xE0000 + ord(letter)) for letter in name) + "\U000e007f" for name in _NATIONS)
    return "|".join((*letters, *tags))


_KEYCAP = f"[0-9#*]{_AS_EMOJI}?\u20e3"
# What is text unless it asks to be a picture, and what may ask in twitter-text although it is one already.
_ASKS = r"[\p{Emoji}--\p{Emoji_Presentation}--[0-9#*]]"
_MAY_ASK = "[⌚⌛◽◾☔☕♈-♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛔⛪⛲⛳⛵⛺⛽❗⬛⬜⭐⭕🀄🈚🈯]"
_ASKED = f"(?:{_ASKS}|{_MAY_ASK}){_AS_EMOJI}"
_TONED = f"(?:{_BODY}|{_BODY_THAT_ASKS}{_AS_EMOJI}?){_TONE}"

# The first that fits wins, so the longer forms come first.
_FORMS = (_PAIR, _FAMILY, _ROLE, _WALKER, _GENDERED, _TWO_HANDS, _BLEND, _TONED, _ASKED, _flags(), _KEYCAP)
# The look-ahead keeps plain text fast.
SEQUENCE = regex.compile(rf"(?=[\p{{Emoji}}])(?:{'|'.join(_FORMS)})", regex.V1)
