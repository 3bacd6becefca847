"""Invitations: made, listed and withdrawn by the operator. What using one does stands in bot/gate.py."""

from collections.abc import Sequence
from datetime import timedelta

from bot.turn import Answer, Command, Turn
from storage import start_links
from storage.db import Session
from storage.tables import StartLink
from texts.reply import Button, Fact, Refusal, Reply, Style, Toast

PURPOSE = "invite"
#: For how many people an invitation may be.
SIZES = (1, 5, 20)
GOOD_FOR = timedelta(days=7)
#: Characters of a token (hex): 128 bits; Bot API, deep linking takes 64.
TOKEN_LENGTH = 32
#: Invitations listed at once: those that run out first.
SHOWN = 20


async def invite(turn: Turn) -> Answer:
    """Make an invitation for as many people as the button says."""
    row = turn.press.row if turn.press else ""
    if row not in map(str, SIZES):
        raise Refusal("button.stale")
    expires_at = turn.now + GOOD_FOR
    async with turn.work() as session:
        token = await start_links.make(
            session,
            PURPOSE,
            uses=int(row),
            expires_at=expires_at,
            made_by=turn.person.id,
            token=_token(turn),
        )
    facts: dict[str, Fact] = {"uses": int(row), "until": expires_at}
    withdraw = _withdraw("people.button_withdraw", start_links.short_name_of(token))
    url = f"https://t.me/{turn.doors.rules.bot_username}?start={token}"
    return [
        Reply("people.invite_made", facts, ((withdraw,), (_back(),))),
        Reply("people.invite", {"url": url}, fresh=True),
    ]


def _token(turn: Turn) -> str:
    """Make the same token for the same update, so that a redelivered press makes no second invitation."""
    return turn.doors.vault.fingerprint(f"{PURPOSE}:{turn.bot_id}:{turn.update_id}")[:TOKEN_LENGTH]


async def show(turn: Turn) -> Answer:
    """List the invitations that still let somebody in."""
    async with turn.begin() as session:
        return [_list(await open_ones(session, turn))]


async def withdraw(turn: Turn) -> Answer:
    """Let an invitation be of no use any more; who came by it stays."""
    row = turn.press.row if turn.press else ""
    if len(row) != start_links.SHORT_NAME:
        raise Refusal("button.stale")
    async with turn.work() as session:
        withdrawn = await start_links.withdraw(session, PURPOSE, row)
        left = await open_ones(session, turn)
    done = withdrawn or turn.again
    return [Toast("people.withdrawn" if done else "people.invite_over"), _list(left)]


async def open_ones(session: Session, turn: Turn) -> Sequence[StartLink]:
    """Find the invitations that still let somebody in."""
    return await start_links.still_open(session, PURPOSE, now=turn.now)


def buttons(count: int) -> tuple[tuple[Button, ...], ...]:
    """Offer to invite, and to look at the invitations there are."""
    sizes = tuple(
        Button("people.button_invite", f"invite:{size}:0", facts={"uses": size}, style=Style.PRIMARY)
        for size in SIZES
    )
    look = Button("people.button_invites", "invites:0:0", facts={"count": count})
    return (sizes, (look,) if count else ())


def _list(links: Sequence[StartLink]) -> Reply:
    rows = [
        (_withdraw("people.button_withdraw_one", start_links.short_name(link), link),)
        for link in links[:SHOWN]
    ]
    return Reply("people.invites", {"count": len(links)}, (*rows, (_back(),)))


def _withdraw(key: str, short: str, link: StartLink | None = None) -> Button:
    facts: dict[str, Fact] = {"uses": link.uses_left, "until": link.expires_at} if link else {}
    return Button(key, f"invite_off:{short}:0", facts=facts, style=Style.DANGER)


def _back() -> Button:
    return Button("people.button_list", "people:0:0")


VERBS: dict[str, Command] = {"invite": invite, "invites": show, "invite_off": withdraw}
