"""What each reading kind asks X for: one request, and what that costs at most. Keeps nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from storage.tables import Task
from tasks import found, price
from tasks.account import Account
from tasks.doors import Doors
from tasks.found import Item
from tasks.kinds import KINDS
from tasks.parameters import Look
from tasks.price import Price
from twitter import errors, follows, messages, people, reading
from twitter.client import in_thread
from twitter.pages import Size
from twitter.reading import Reach

#: X searches seven days ("Search posts"); a little less, for clocks differ.
SEARCH_REACH = timedelta(days=7) - timedelta(minutes=5)
#: X takes no end of a search nearer to now than ten seconds; clocks differ.
_SETTLED = timedelta(seconds=60)
#: Kinds whose items are listed by the time they were made, with ids that grow.
BY_TIME = frozenset(("timeline", "mentions", "search", "messages"))
#: Those of them that X gives from an id on: of the others all comes, and is billed, each time.
BY_ID = BY_TIME - {"messages"}
#: Kinds whose items are posts.
POSTS = frozenset(("get", "timeline", "mentions", "search"))
#: X: the newest post of an account is among the five that a request brings at least.
_LATEST = 5


@dataclass(frozen=True, slots=True)
class Found:
    """What one request brought: items as tasks/found.py writes them, newest first where time counts."""

    items: Sequence[Item]
    next_token: str | None = None
    newest_id: str | None = None


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a look begins and ends, as far as its row and what was shown before say."""

    look: Look
    """With the `since_id` it really has."""
    user_id: str
    """Whose list it is."""
    token: str | None = None
    """X's word for the page after the one before."""
    start: datetime | None = None
    """Nothing older is wanted, whatever the look says: a watch has not begun before."""


def watches(task: Task) -> bool:
    """Say whether a schedule looks, and nobody waits for it: not one that a person has look now, or again."""
    return task.schedule_id is not None and task.promised


def size_of(kind: str, look: Look) -> Size:
    """Say how many items one request may bring."""
    match kind:
        case "following" | "followers":
            return follows.SIZE
        case "messages":
            return messages.SIZE
        case "timeline":
            return reading.SIZES["timeline" if look.username else "home"]
        case "mentions" | "search":
            return reading.SIZES[kind]
    return Size(1, 1)


def at_most(task: Task) -> Price:
    """Price the next request of a reading task at most, and finding the account that it names."""
    look = Look.read(task.parameters)
    if task.kind == "get":
        return price.of_posts(1) if task.target_post_id else Price(price.current().post_read * _LATEST)
    asked = size_of(task.kind, look).fit(look.most)
    page = KINDS[task.kind].price("", asked)
    if look.only_ids and task.kind in POSTS:
        page = Price(price.current().post_read * asked)
    named = price.current().user_read if look.username and task.target_user_id is None else 0
    return Price(page.dollars + named)


def of_what_came(task: Task, count: int) -> Price:
    """Price so many items at most."""
    each = replace(Look.read(task.parameters), username=None)
    if each.only_ids and task.kind in POSTS:
        return Price(price.current().post_read * count)
    return KINDS[task.kind].price("", count)


async def whose(doors: Doors, account: Account, look: Look) -> str:
    """Find whose list is asked for: the id of the account it names, else the connection's own.

    Asks X for the account of a name, which is billed. Raises XError; Refused no_such_account.
    """
    own = account.connection
    if look.username is None or look.username.lower() == own.username.lower():
        return own.x_user_id
    person = await in_thread(people.find, doors.x, account.app, account.token, look.username)
    if person is None:
        raise errors.Refused("no_such_account")
    return person.id


async def ask(doors: Doors, account: Account, task: Task, aim: Aim) -> Found:
    """Ask X once. Raises XError; Refused gone, or no_posts, where there is no such post."""
    if task.kind == "get":
        return await _post(doors, account, task.target_post_id)
    if task.kind in ("following", "followers"):
        return await _people(doors, account, task.kind, aim)
    if task.kind == "messages":
        return await _messages(doors, account, task, aim)
    return await _posts(doors, account, task.kind, aim)


async def _post(doors: Doors, account: Account, post_id: str | None) -> Found:
    keys = (doors.x, account.app, account.token)
    if post_id is not None:
        post = await in_thread(reading.get, *keys, post_id)
        if post is None:
            raise errors.Refused("gone")
        return Found([found.of_post(post)])
    post = await in_thread(reading.latest, *keys, account.connection.x_user_id)
    if post is None:
        raise errors.Refused("no_posts")
    own = {"username": account.connection.username, "name": account.connection.x_name}
    return Found([{**found.of_post(post), **own}])


async def _people(doors: Doors, account: Account, kind: str, aim: Aim) -> Found:
    ask_for = follows.followers if kind == "followers" else follows.following
    page = await in_thread(
        ask_for, doors.x, account.app, account.token, aim.user_id, most=aim.look.most, page=aim.token
    )
    return Found([found.of_person(person) for person in page.items], page.next_token)


async def _messages(doors: Doors, account: Account, task: Task, aim: Aim) -> Found:
    """Read a page, and leave out what is not wanted: X has no ids or moments to begin or end at."""
    look, own = aim.look, account.connection.x_user_id
    page = await in_thread(
        messages.events,
        doors.x,
        account.app,
        account.token,
        participant_id=aim.user_id if look.username else None,
        most=look.most,
        page=aim.token,
    )
    came = [found.of_message(message) for message in page.items]
    start = look.since or aim.start
    fresh = [
        item
        for item in came
        if found.is_newer(item, look.since_id) and (not start or _at(item, start) >= start)
    ]
    wanted = [
        item
        for item in fresh
        if not (look.max_id and found.is_newer(item, look.max_id))
        and not (look.until and _at(item, look.until) >= look.until)
        # Who watches wants to hear what others say.
        and not (watches(task) and item.get("author_id") == own)
    ]
    newest = max((item["id"] for item in came), key=lambda each: (len(each), each), default=None)
    return Found(wanted, page.next_token if len(fresh) == len(came) else None, newest)


def _at(item: Item, otherwise: datetime) -> datetime:
    return found.moment_of(item) or otherwise


async def _posts(doors: Doors, account: Account, kind: str, aim: Aim) -> Found:
    keys, look = (doors.x, account.app, account.token), aim.look
    reach = _reach(kind, aim, doors.clock())
    match kind:
        case "mentions":
            page = await in_thread(reading.mentions, *keys, aim.user_id, reach)
        case "search":
            sort: Literal["recency", "relevancy"] = "relevancy" if look.sort == "relevancy" else "recency"
            page = await in_thread(reading.search, *keys, look.query or "", reach, sort=sort)
        case _:
            ask_for = reading.timeline if look.username else reading.home
            replies, reposts = "replies" not in look.without, "retweets" not in look.without
            page = await in_thread(ask_for, *keys, aim.user_id, reach, replies=replies, reposts=reposts)
    return Found([found.of_post(post) for post in page.items], page.next_token, page.newest_id)


def _reach(kind: str, aim: Aim, now: datetime) -> Reach:
    """Say which part of a list to read. A search's bounds are kept within what X takes."""
    look, start = aim.look, aim.look.since or aim.start
    end = look.until if look.until and look.until < now - _SETTLED else None
    if kind == "search" and start is not None:
        start = max(start, now - SEARCH_REACH)
    return Reach(
        most=look.most,
        page=aim.token,
        since_id=look.since_id,
        # X's own is exclusive.
        until_id=str(int(look.max_id) + 1) if look.max_id else None,
        start=start,
        end=end,
        authors=not look.only_ids,
    )
