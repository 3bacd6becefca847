"""`/share`: the owner of a connection lets a group use it, from the group or from the private chat."""

from bot.commands import asked, connect_card, granted, policy_card, press
from bot.commands.granted import Granted
from bot.commands.logged import note
from bot.turn import Answer, Command, PickedChat, Turn
from storage import connections, grants, groups, start_links
from storage.db import Session
from storage.tables import Connection, ConnectionState, Group, GroupState, PersonState
from tasks.acts import Act
from tasks.permissions import Action, may, role_of
from tasks.policy import Policy
from texts.reply import Button, Fact, Pick, Picks, Refusal, Reply, Style, Toast

#: What a link leads to that was given in a group: `share:<group id>`, in a topic `share:<group id>.<topic>`.
PURPOSE = "share:"
#: What the person's next choice of a chat is for (asked.py).
ASKED = "share"


async def share(turn: Turn) -> Answer:
    """Answer /share: in a group a link into the private chat, in private Telegram's list of groups."""
    return await (_ask_where(turn) if turn.chat.private else _lead_to_private(turn))


async def _lead_to_private(turn: Turn) -> Answer:
    if turn.person.state == PersonState.GUEST:
        raise Refusal("gate.closed")
    await _require_admin(turn, turn.chat.id)
    async with turn.begin() as session:
        group = await groups.seen(session, turn.chat.id, turn.chat.title or "", now=turn.now)
        token = await start_links.make(
            session,
            f"{PURPOSE}{_where(group, turn.chat.thread_id)}",
            person_id=turn.person.id,
            expires_at=turn.now + start_links.PRIVATE_DOOR_FOR,
            made_by=turn.person.id,
        )
    url = f"https://t.me/{turn.doors.rules.bot_username}?start={token}"
    go = Button("group.open_private", url=url, style=Style.PRIMARY)
    return [Reply("share.in_group", buttons=((go,),))]


async def _require_admin(turn: Turn, chat_id: int) -> None:
    """Ask Telegram whether somebody may share what is theirs in a chat. Raises Refusal."""
    membership = await turn.doors.members(chat_id, turn.person.id)
    if not may(role_of(membership, owns=True), Action.SHARE, Policy(), own=True):
        raise Refusal("group.no_answer" if membership is None else "share.admins_only")


async def _ask_where(turn: Turn) -> Answer:
    async with turn.work() as session:
        if not await _own(session, turn):
            return [_connect_first()]
        await asked.ask(session, turn, ASKED)
    pick = Pick("share.button_pick", Picks.GROUP, int(turn.now.timestamp()))
    return [Reply("share.pick", pick=pick, fresh=True)]


async def words(_turn: Turn, question: asked.Question) -> Answer | None:
    """Answer words where a group was to be chosen. None: another question was asked."""
    if question.what != ASKED:
        return None
    return [Reply("share.pick", pick=Pick("share.button_pick", Picks.GROUP, question.number), fresh=True)]


async def picked(turn: Turn, chosen: PickedChat) -> Answer:
    """Go on in the group that was chosen; the choice proves nothing, so Telegram is asked."""
    membership = await turn.doors.members(chosen.chat_id, turn.person.id)
    if membership is None:
        return [Reply("share.not_there", picked=True, fresh=True)]
    await _require_admin(turn, chosen.chat_id)
    async with turn.work() as session:
        known = await groups.find(session, chosen.chat_id)
        title = known.title if known and known.title else chosen.title or ""
        group = await groups.seen(session, chosen.chat_id, title, now=turn.now)
        await asked.taken(session, turn, f"{ASKED}.{group.id}")
        which = await _which(session, turn, group, _where(group))
    return [Reply("share.picked", {"title": group.title}, picked=True, fresh=True), which]


async def open_link(turn: Turn, purpose: str) -> Answer:
    """Go on in private with the group in which the link was given."""
    return await shown_again(turn, purpose.removeprefix(PURPOSE))


async def shown_again(turn: Turn, where: str) -> Answer:
    """Show the choice for a group: which account it may use."""
    async with turn.begin() as session:
        group = await _group(session, where)
    await _require_admin(turn, group.chat_id)
    async with turn.begin() as session:
        return [await _which(session, turn, group, where)]


def _where(group: Group, thread_id: int | None = None) -> str:
    """Name a group, and the topic in which it is to be told; `_group` and `_topic` read it."""
    return str(group.id) if thread_id is None else f"{group.id}.{thread_id}"


def _topic(turn: Turn) -> int | None:
    _, _, topic = (turn.press.extra if turn.press else "").partition(".")
    return press.number(topic)


async def _group(session: Session, where: str) -> Group:
    number = press.number(where.partition(".")[0])
    group = await groups.get(session, number) if number is not None else None
    if group is None or group.state != GroupState.ACTIVE:
        raise Refusal("share.no_group")
    return group


async def _own(session: Session, turn: Turn) -> list[Connection]:
    rows = await connections.listed(session, turn.person.id)
    return [row for row in rows if row.state == ConnectionState.ACTIVE]


def _connect_first() -> Reply:
    return Reply("share.connect_first", buttons=connect_card.anew(), fresh=True)


async def _which(session: Session, turn: Turn, group: Group, where: str) -> Reply:
    """Ask which account; say what the group may do at first, and what the bot learns as an admin."""
    own = await _own(session, turn)
    if not own:
        return _connect_first()
    shared = {each.connection_id for each in await grants.of_group(session, group.id)}
    left = [row for row in own if row.id not in shared]
    facts: dict[str, Fact] = {"title": group.title, "is_admin": "yes" if group.bot_is_admin else "no"}
    if not left:
        return Reply("share.all_shared", facts, ((Button("policy.button_all", "policies:0:0"),),), fresh=True)
    buttons = tuple((_choice(row, where),) for row in left)
    return Reply("share.which", facts, buttons, fresh=True)


def _choice(row: Connection, where: str) -> Button:
    facts: dict[str, Fact] = {"name": row.name, "username": row.username}
    return press.button("connections.button_page", "share_it", row, extra=where, facts=facts)


async def _as_it_is(turn: Turn, row: Connection) -> Answer:
    """Show where a connection is shared by now."""
    async with turn.begin() as session:
        group = await _group(session, turn.press.extra if turn.press else "")
        grant = await grants.of_chat(session, group.chat_id, row.id)
        found = await granted.load(session, grant) if grant else None
        if grant is None or found is None:
            return []
        page = await policy_card.of(session, found)
        # Of a redelivery nobody knows whether the group was told.
        to_tell = turn.again and grant.shared_by == turn.person.id
        return [page, await _told(session, turn, found)] if to_tell else [page]


async def _find(session: Session, turn: Turn, row: str) -> Connection | None:
    row_id = press.number(row)
    return await connections.get(session, row_id, turn.person.id) if row_id is not None else None


_guard = press.Guard(
    find=_find, stands=lambda row: (row.state, row.version), show=_as_it_is, unknown="connect.stale"
)


@_guard.button(ConnectionState.ACTIVE)
async def _share(turn: Turn, row: Connection) -> Answer:
    """Share it, checked live once more; the group is told."""
    async with turn.begin() as session:
        group = await _group(session, turn.press.extra if turn.press else "")
    await _require_admin(turn, group.chat_id)
    async with turn.work() as session:
        grant = await grants.share(
            session,
            group_id=group.id,
            connection_id=row.id,
            by=turn.person.id,
            now=turn.now,
            zone=turn.person.zone,
        )
        found = await granted.load(session, grant) if grant else None
        if grant is None or found is None:
            raise Refusal("share.not_now")
        page = await policy_card.of(session, found)
        told = await _told(session, turn, found)
        await note(session, turn, grant, Act.SHARED)
    return [Toast("share.done"), page, told]


async def _told(session: Session, turn: Turn, found: Granted) -> Reply:
    facts: dict[str, Fact] = {
        "who": turn.person.first_name,
        "username": found.account,
        "lines": await policy_card.sentences(session, found),
    }
    buttons = ((policy_card.freezing(found),),)
    return Reply("share.told", facts, buttons, to=found.group.chat_id, thread_id=_topic(turn), fresh=True)


VERBS: dict[str, Command] = {"share": share, "share_it": _share}
