"""From an update taken apart to its answer: which command, who may give it where, and what a no becomes."""

import logging

from bot import masked, routes
from bot.commands import allowed, refused
from bot.no import no_of_a_command
from bot.turn import Answer, Happening, Turn
from bot.unpack import Masked
from storage import grants, start_links
from storage.tables import PersonState
from tasks import price
from texts.reply import Button, Refusal, Reply, Style, Toast

log = logging.getLogger(__name__)


async def answer(turn: Turn) -> Answer:
    """Answer what somebody said or pressed."""
    route = await routes.find(turn)
    if route is None:
        return []
    if not turn.chat.private and not (route.in_groups and await _is_of_use(turn, route)):
        if turn.person.state == PersonState.GUEST:
            return [no_of_a_command(turn, Refusal("gate.closed"))]
        return [
            await _private_door(turn, "group.nothing_shared" if route.in_groups else "group.private_only")
        ]
    if route.operators and not turn.person.is_operator:
        return [no_of_a_command(turn, Refusal("gate.operators_only"))]
    try:
        turn = await _with_rights(turn, route)
        with price.using(turn.doors.rules.prices):
            answered = await route.command(turn)
            return answered if turn.chat.private else routes.for_a_group(answered)
    except Refusal as refusal:
        log.info("update=%s person=%s refused=%s", turn.update_id, turn.person.id, refusal.key)
        await refused.keep(turn, refusal)
        return [no_of_a_command(turn, refusal)]


async def _is_of_use(turn: Turn, route: routes.Route) -> bool:
    """Tell whether anything is shared with the group, where a route needs that."""
    if route.asks is None:
        return True
    async with turn.begin() as session:
        return bool(await grants.in_force(session, turn.chat.id))


async def _with_rights(turn: Turn, route: routes.Route) -> Turn:
    """Find out what somebody is in a group, where a route wants to know. Raises Refusal: not enough."""
    if turn.chat.private or (route.asks is None and not route.live):
        return turn
    turn = await allowed.live(turn)
    if route.asks is not None:
        async with turn.begin() as session:
            await allowed.refuse_unless_asks(session, turn, route.asks)
    return turn


async def answer_behind_mask(turn: Turn) -> Answer:
    """Answer what an anonymous admin wrote, as the person who pressed *Continue*: an admin, asked live.

    The question is over with that, whatever the answer.
    """
    membership = await turn.doors.members(turn.chat.id, turn.person.id)
    if membership is None:
        return [Toast("group.no_answer", alert=True)]
    if not membership.administers:
        return [Toast("group.admins_only", alert=True)]
    return [Reply("group.continued"), *await answer(turn)]


def ask_who(hidden: Masked) -> Answer:
    """Ask an anonymous admin to show who they are; silence where there is nothing to go on with."""
    route = routes.COMMANDS.get(hidden.command) if hidden.command is not None else None
    if hidden.command is not None and (route is None or route.operators):
        return []
    about = hidden.about
    go_on = Button("group.button_continue", masked.data(hidden.message_id, about), style=Style.PRIMARY)
    if about is None or (about.ours and hidden.command is None):
        return [Reply("group.who_are_you", buttons=((go_on,),), answers=True)]
    if not about.ours and (about.attachments or about.poll or about.protected):
        return [Reply("group.who_are_you_files", answers=True)]
    if len(about.text) > masked.QUOTED_MOST:
        return [Reply("group.who_are_you_files", answers=True)]
    key = "group.who_are_you_about" if about.text else "group.who_are_you"
    return [Reply(key, {"text": about.text}, ((go_on,),), answers=True)]


async def witness(happening: Happening) -> Answer:
    """Do what has to be done after something happened to a group."""
    return await routes.HAPPENED[type(happening.what)](happening)


async def _private_door(turn: Turn, key: str) -> Reply:
    """Answer a private command given in a group with a link, good for this person and ten minutes."""
    async with turn.begin() as session:
        token = await start_links.make(
            session,
            turn.command or "start",
            person_id=turn.person.id,
            uses=1,
            expires_at=turn.now + start_links.PRIVATE_DOOR_FOR,
            made_by=turn.person.id,
        )
    url = f"https://t.me/{turn.doors.rules.bot_username}?start={token}"
    return Reply(key, buttons=((Button("group.open_private", url=url),),))
