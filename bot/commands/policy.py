"""`/policy`: what a group may do with the accounts shared there; in private the owner's list and buttons."""

from dataclasses import replace

from bot.commands import asked, granted, loosened, planning, policy_card, policy_change, press
from bot.commands.granted import Granted
from bot.commands.logged import note
from bot.turn import Answer, Command, PickedPeople, Turn
from storage import grants, groups, people
from storage.db import Session
from storage.tables import OPEN_GRANT, GrantState
from tasks.acts import Act
from tasks.permissions import Action
from tasks.policy import Policy, changed, columns_of
from texts.reply import Button, Pick, Picks, Refusal, Reply, Rows, Say, Style, Toast

#: What the owner's next words, or the people they choose, are for (asked.py): `policy:<grant>.<column>`.
ASKED = "policy"
#: Bot API: KeyboardButtonRequestUsers.max_quantity.
PEOPLE_MOST = 10
ROLES = ("asks", "approves")


async def show(turn: Turn) -> Answer:
    """Answer /policy: in a group what it may do, in private what the person shares where."""
    return await (_list(turn) if turn.chat.private else _of_group(turn))


async def _list(turn: Turn) -> Answer:
    async with turn.begin() as session:
        found = await granted.shared_by(session, turn.person.id)
    return [list_of(found)]


async def of_connection(turn: Turn) -> Answer:
    """Answer *Groups* on a connection's page: where it is shared."""
    row_id = press.number(turn.press.row if turn.press else "")
    async with turn.begin() as session:
        found = await granted.shared_by(session, turn.person.id)
    return [list_of([each for each in found if each.connection.id == row_id])]


def list_of(found: list[Granted]) -> Reply:
    """Show what somebody shares, with a way to each grant's page."""
    share: Rows = ((Button("share.button_begin", "share:0:0", style=Style.PRIMARY),),)
    if not found:
        return Reply("policy.none_shared", buttons=share)
    lines = tuple(
        Say(
            "policy.list_line",
            {"username": each.account, "title": each.group.title, "state": policy_card.state(each)},
        )
        for each in found
    )
    pages = tuple((policy_card.open_page(each),) for each in found)
    return Reply("policy.list", {"lines": lines}, (*pages, *share))


async def _of_group(turn: Turn) -> Answer:
    async with turn.begin() as session:
        group = await groups.find(session, turn.chat.id)
        rows = await grants.of_group(session, group.id) if group else ()
        found = [each for row in rows if (each := await granted.load(session, row))]
    if not found:
        return [Reply("policy.none_here")]
    # The right is the same for each grant: to read it one has to be there.
    await granted.require(turn, found[0], Action.SEE_POLICY)
    async with turn.begin() as session:
        about = await _spoken_of(session, turn, found)
        return [
            await policy_card.in_group(
                session, each, fresh=True, about=about if each.owned_by(turn) else None
            )
            for each in found
        ]


async def _spoken_of(session: Session, turn: Turn, found: list[Granted]) -> int | None:
    """Give whom an owner points at, replying to what somebody else said; from now on the bot knows them."""
    source = turn.message.reply_to
    author = source.author if source else None
    if author is None or author.id == turn.person.id or not any(each.owned_by(turn) for each in found):
        return None
    if await people.get(session, author.id) is None:
        given = author.first_name or str(author.id)
        await people.as_guest(session, author.id, given, author.username, now=turn.now)
    return author.id


async def _as_it_is(turn: Turn, row: Granted) -> Answer:
    async with turn.begin() as session:
        now = await granted.find(session, turn, str(row.grant.id)) or row
        if turn.chat.private:
            return [await policy_card.of(session, now)]
        return [await policy_card.in_group(session, now)]


#: Lets a press through whose grant is as the button says.
guard = press.Guard(
    find=granted.find,
    stands=lambda row: (row.grant.state, row.grant.version),
    show=_as_it_is,
    unknown="grant.unknown",
)
_pressed = guard.button(*OPEN_GRANT)


async def _page(turn: Turn) -> Answer:
    """Show a grant to its owner, whatever the list said about it; `extra`: one section."""
    row = await guard.row(turn)
    _in_private(turn)
    async with turn.begin() as session:
        return [await policy_card.of(session, row, turn.press.extra if turn.press else "")]


def _in_private(turn: Turn) -> None:
    """Refuse, of a button made up in a group, what belongs to the owner's private chat."""
    if not turn.chat.private:
        raise Refusal("button.stale")


async def _set(turn: Turn, row: Granted) -> Answer:
    """Change what the button names, and show the section again."""
    _in_private(turn)
    column, _, value = (turn.press.extra if turn.press else "").partition(".")
    policy = policy_change.chosen(row.policy, column, value)
    if policy is None:
        raise Refusal("button.stale")
    await granted.require(turn, row, Action.CHANGE_POLICY)
    section = {"votes": "approves", "order": "approves", "quota": "limits", "cap": "limits"}
    section |= {"pcap": "limits", "quiet": "hours"}
    return await _keep(turn, row, policy, section.get(column, column))


async def _keep(turn: Turn, row: Granted, policy: Policy, section: str, *, words: bool = False) -> Answer:
    there = await loosened.standing(turn, row, policy)
    async with turn.work() as session:
        if words:
            await asked.taken(session, turn, f"{ASKED}.{row.grant.id}")
        kept = await change(session, turn, row, policy, there)
        if kept is None:
            raise Refusal("button.moved_on")
        page = await policy_card.of(session, kept, section, fresh=words)
        gone = await loosened.told(session, turn, kept)
    return [page, *gone] if words else [Toast("policy.changed"), page, *gone]


async def change(
    session: Session, turn: Turn, row: Granted, policy: Policy, there: loosened.Standings = loosened.UNASKED
) -> Granted | None:
    """Put another policy in force, and into the log. None: the grant has moved on.

    `there`: what authors are in the group, where that was asked.
    """
    differs = changed(row.policy, policy)
    if not differs:
        return row
    columns = columns_of(policy)
    grant = await grants.change_policy(session, row.grant, **{name: columns[name] for name in differs})
    if grant is None:
        return None
    facts = {name: "none" if after is None else str(after) for name, (_, after) in differs.items()}
    kept = await granted.load(session, grant)
    if kept is not None and loosened.COLUMNS & differs.keys():
        kept = replace(kept, gone=await loosened.let_go(session, turn, kept, there))
    await note(session, turn, grant, Act.POLICY_CHANGED, facts=facts)
    return kept


async def _ask(turn: Turn, row: Granted) -> Answer:
    """Ask for an amount, hours or a zone."""
    _in_private(turn)
    column = turn.press.extra if turn.press else ""
    if column not in policy_change.TYPED:
        raise Refusal("button.stale")
    async with turn.work() as session:
        await asked.ask(session, turn, ASKED, f"{row.grant.id}.{column}")
    return [Reply(f"policy.ask_{column}", ask=f"policy.hint_{column}", fresh=True)]


async def words(turn: Turn, question: asked.Question) -> Answer | None:
    """Take what was asked for. None: another question was asked."""
    if question.what != ASKED:
        return None
    row, column = await _asked_about(turn, question)
    if column not in policy_change.TYPED:
        return [_pick(column, question.number)]
    language = planning.language_of(turn.person)
    policy = policy_change.typed(row.policy, column, turn.message.text, language)
    await granted.require(turn, row, Action.CHANGE_POLICY)
    section = "hours" if column in ("quiet", "zone") else "limits"
    return await _keep(turn, row, policy, section, words=True)


async def _asked_about(turn: Turn, question: asked.Question) -> tuple[Granted, str]:
    grant_id, _, column = question.row.partition(".")
    async with turn.begin() as session:
        row = await granted.find(session, turn, grant_id)
    if row is None or row.grant.state == GrantState.ENDED:
        raise Refusal("grant.unknown")
    return row, column


async def _ask_people(turn: Turn, row: Granted) -> Answer:
    """Ask whom the policy is to name, by Telegram's own list."""
    _in_private(turn)
    role = turn.press.extra if turn.press else ""
    if role not in ROLES:
        raise Refusal("button.stale")
    async with turn.work() as session:
        await asked.ask(session, turn, ASKED, f"{row.grant.id}.{role}")
    return [_pick(role, int(turn.now.timestamp()))]


def _pick(role: str, request_id: int) -> Reply:
    pick = Pick("policy.pick_people", Picks.PEOPLE, request_id, PEOPLE_MOST)
    return Reply(f"policy.ask_people_{role}", pick=pick, fresh=True)


async def picked(turn: Turn, question: asked.Question, chosen: PickedPeople) -> Answer:
    """Name the people who were chosen, in their order."""
    row, role = await _asked_about(turn, question)
    if role not in ROLES:
        raise Refusal("button.stale")
    await granted.require(turn, row, Action.CHANGE_POLICY)
    async with turn.work() as session:
        for each in chosen.people[:PEOPLE_MOST]:
            if await people.get(session, each.id) is None:
                given = each.first_name or str(each.id)
                await people.as_guest(session, each.id, given, each.username, now=turn.now)
        await asked.taken(session, turn, f"{ASKED}.{row.grant.id}")
        kept = await name_people(session, turn, row, role, [each.id for each in chosen.people[:PEOPLE_MOST]])
        page = await policy_card.of(session, kept, role, fresh=True)
        gone = await loosened.told(session, turn, kept)
    return [Reply("policy.people_named", picked=True, fresh=True), page, *gone]


async def name_people(
    session: Session, turn: Turn, row: Granted, role: str, person_ids: list[int]
) -> Granted:
    """Put others into the policy's list, and into the log. Raises Refusal."""
    before = await grants.people(session, row.grant.id, role)
    grant = await grants.put_people(session, row.grant, role, person_ids)
    kept = await granted.load(session, grant) if grant else None
    if grant is None or kept is None:
        raise Refusal("button.moved_on")
    if role == "approves":
        newly = tuple(each for each in person_ids if each not in before)
        kept = replace(kept, newly=newly, gone=await loosened.let_go(session, turn, kept, {}))
    listed = " ".join(str(each) for each in person_ids)
    await note(session, turn, grant, Act.POLICY_CHANGED, facts={f"{role}_people": listed})
    return kept


async def _drop(turn: Turn, row: Granted) -> Answer:
    """Strike one of those who are named."""
    _in_private(turn)
    role, _, number = (turn.press.extra if turn.press else "").partition(".")
    person_id = press.number(number)
    if role not in ROLES:
        raise Refusal("button.stale")
    await granted.require(turn, row, Action.CHANGE_POLICY)
    async with turn.work() as session:
        named = await grants.people(session, row.grant.id, role)
        kept = await name_people(session, turn, row, role, [each for each in named if each != person_id])
        page = await policy_card.of(session, kept, role)
        gone = await loosened.told(session, turn, kept)
    return [Toast("policy.changed"), page, *gone]


async def _tell(turn: Turn, row: Granted) -> Answer:
    """Show the group what it may do by now."""
    _in_private(turn)
    await granted.require(turn, row, Action.CHANGE_POLICY)
    async with turn.begin() as session:
        shown = await policy_card.in_group(session, row, fresh=True)
    return [Toast("policy.shown"), replace(shown, to=row.group.chat_id)]


async def shown_again(turn: Turn, grant_id: str) -> Answer:
    """Show a grant whose question was answered by a message that came again."""
    async with turn.begin() as session:
        row = await granted.find(session, turn, grant_id)
        return [await policy_card.of(session, row, fresh=True)] if row else []


VERBS: dict[str, Command] = {
    "policies": show,
    "shares": of_connection,
    "pol": _page,
    "pol_set": _pressed(_set),
    "pol_ask": _pressed(_ask),
    "pol_people": _pressed(_ask_people),
    "pol_drop": _pressed(_drop),
    "pol_tell": _pressed(_tell),
}
