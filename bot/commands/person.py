"""/privacy and /language: what concerns a person whatever they tweet. /forget stands in forgetting.py."""

from bot.commands import forgetting
from bot.turn import Answer, Command, Turn
from storage import people
from texts.reply import Button, Refusal, Reply, Toast

#: Stands for "as in Telegram" in a button's data.
AS_IN_TELEGRAM = "auto"


async def privacy(turn: Turn) -> Answer:
    """Answer /privacy: what is stored, for how long, who else sees it. In a group without buttons."""
    take_away = Button("forget.button_open", "forget:0:0")
    own_apps = "yes" if turn.doors.rules.own_apps else "no"
    return [Reply("privacy.all", {"own_apps": own_apps}, ((take_away,),) if turn.chat.private else ())]


async def language(turn: Turn) -> Answer:
    """Answer /language: the languages there are."""
    return [_choice(turn, turn.person.language)]


async def choose_language(turn: Turn) -> Answer:
    """Take the language a button names; the answer is in it already."""
    tag = turn.press.row if turn.press else ""
    if tag != AS_IN_TELEGRAM and tag not in turn.doors.rules.languages:
        raise Refusal("language.unknown")
    chosen = None if tag == AS_IN_TELEGRAM else tag
    async with turn.work() as session:
        await people.set_language(session, turn.person.id, chosen)
    return [Toast("language.chosen"), _choice(turn, chosen)]


def _choice(turn: Turn, chosen: str | None) -> Reply:
    rows = [
        (_button("language.button_one", tag, chosen == tag, name),)
        for tag, name in turn.doors.rules.languages.items()
    ]
    telegram = (_button("language.button_telegram", AS_IN_TELEGRAM, chosen is None),)
    return Reply("language.choose", buttons=(*rows, telegram))


def _button(key: str, tag: str, is_chosen: bool, name: str | None = None) -> Button:  # noqa: FBT001
    facts = {"is_chosen": "yes" if is_chosen else "no"} | ({"name": name} if name else {})
    return Button(key, f"language:{tag}:0", facts=facts)


VERBS: dict[str, Command] = {"language": choose_language, **forgetting.VERBS}
