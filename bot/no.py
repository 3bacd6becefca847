"""How a no is said: as a reply, as a box over the pressed button, or in place of what is offered inline."""

from bot.turn import Turn
from bot.unpack import Unpacked
from texts.reply import Offers, Refusal, Reply, Toast


def no_at_the_gate(refusal: Refusal, unpacked: Unpacked, *, again: bool) -> Reply | Toast | Offers:
    """Say it to somebody who is not let in; while they type, with a way to where it can be said."""
    if unpacked.inline:
        return Offers("inline.button_private")
    if unpacked.press_id and not again:
        return Toast(refusal.key, refusal.facts, alert=True)
    return Reply(refusal.key, refusal.facts, refusal.buttons)


def no_of_a_command(turn: Turn, refusal: Refusal) -> Reply | Toast:
    """Say what a command refused."""
    if turn.press and not refusal.buttons:
        return Toast(refusal.key, refusal.facts, alert=True)
    return Reply(refusal.key, refusal.facts, refusal.buttons, fresh=True)
