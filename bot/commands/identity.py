"""Whose account a token opens: what X tells about it, and how that comes into our rows."""

from datetime import datetime

from bot.commands import signing
from bot.turn import Turn
from storage import authorizations, money
from storage.db import Session
from storage.tables import Authorization, Connection
from tasks import price
from twitter import people
from twitter.client import App, Token
from twitter.errors import XError


async def describe(turn: Turn, row: Authorization, app: App, token: Token) -> Authorization:
    """Fill in name, picture and access level; the Yes can be asked for without them. Commits."""
    try:
        account = await signing.glance(people.who_am_i, turn.doors.x, app, token)
    except XError:
        return row
    async with turn.begin() as session:
        return await authorizations.describe(session, row, **columns(account))


async def pay(session: Session, connection: Connection, now: datetime) -> None:
    """Book that X was asked whose the token is: one account read. It was asked, whatever the cap says."""
    cost = price.of_people(1).cents_100
    await money.record(session, connection.id, "who_am_i", cents_100=cost, now=now)


def columns(account: people.Account) -> dict[str, object]:
    """Give what X tells about an account, by the columns of authorizations and connections."""
    return {
        "x_user_id": account.id,
        "username": account.username,
        "x_name": account.name,
        "picture_url": account.picture,
        "access_level": account.access_level,
        "premium": account.premium,
    }
