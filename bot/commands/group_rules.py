"""What the policy of a group's account says of a draft: what stands in its way, and what else to know.

Changes nothing. Who may ask at all is found at the press (allowed.py), where Telegram was asked.
"""

from datetime import datetime
from decimal import Decimal

from bot.commands import allowed, deed_card, preview
from storage import grant_money, money, quota, tasks
from storage.db import Session
from storage.tables import Grant, Task
from tasks import approval, compose, kinds, looks
from tasks.policy import Approves, Asked, Policy, Unapproved, goes_unapproved
from tasks.price import Price
from tasks.quiet import day_of
from texts.reply import Fact, Say
from twitter import links


async def problems(session: Session, task: Task, grant: Grant, *, now: datetime) -> list[Say]:
    """Say why a task may not go out through a grant. Empty: its policy lets it."""
    policy = approval.policy_of(grant)
    asked = await allowed.asked_of(session, task)
    lacking = asked - policy.kinds
    found = [Say("group.problem_kind", {"what": each.value}) for each in Asked if each in lacking]
    cost = await _cost(session, task)
    if cost.for_a_link and not policy.links:
        found.append(Say("group.problem_link"))
    if task.schedule_id is not None:
        found.append(Say("group.problem_again"))
    used = await _used(session, task, grant, policy, now)
    if policy.quota_day is not None and used >= policy.quota_day:
        found.append(Say("group.problem_quota", {"count": policy.quota_day}))
    return [*found, *await _over(session, task, grant, cost, now)]


async def lines(session: Session, task: Task, grant: Grant, *, now: datetime) -> list[Say]:
    """Say what else holds for a draft: who approves it, what is left today, when nothing goes out."""
    policy = approval.policy_of(grant)
    asked = await allowed.asked_of(session, task)
    said = []
    if task.album_id is not None and len(await tasks.media(session, task.id)) == 1:
        said.append(Say("group.note_album"))
    if policy.approves is not Approves.NOBODY and not goes_unapproved(policy, asked):
        facts: dict[str, Fact] = {
            "who": policy.approves.value,
            "votes": policy.votes_needed,
            "free": _who_is_free(policy),
        }
        said.append(Say("group.note_approval", facts))
    if policy.quota_day is not None:
        left = max(0, policy.quota_day - await _used(session, task, grant, policy, now))
        said.append(Say("group.note_quota", {"left": left, "count": policy.quota_day}))
    if policy.quiet is not None:
        quiet: dict[str, Fact] = {
            "begins": f"{policy.quiet.begins:%H:%M}",
            "ends": f"{policy.quiet.ends:%H:%M}",
            "zone": policy.clock.key,
        }
        said.append(Say("group.note_quiet", quiet))
    return said


def _who_is_free(policy: Policy) -> str:
    if Unapproved.ADMINS in policy.unapproved:
        return "admins"
    return "owner" if Unapproved.OWNER in policy.unapproved else "nobody"


async def _cost(session: Session, task: Task) -> Price:
    if task.reads:
        return looks.at_most(task)
    if task.kind == kinds.TWEET.name:
        return compose.compose(await preview.draft_of(session, task)).price
    has_link = links.without(task.text or "") != (task.text or "")
    return Price(deed_card.cost(task).dollars, for_a_link=has_link)


async def _used(session: Session, task: Task, grant: Grant, policy: Policy, now: datetime) -> int:
    since, until = day_of(now, policy.clock)
    return await quota.used(session, grant, task.person_id, since=since, until=until)


async def _over(session: Session, task: Task, grant: Grant, cost: Price, now: datetime) -> list[Say]:
    """Say which month's sum it would pass: the group's, or the person's own."""
    month, found = money.month_of(now), []
    for cap, whose, person_id in (
        (grant.cap_cents_100, "group", grant_money.EVERYBODY),
        (grant.person_cap_cents_100, "person", task.person_id),
    ):
        if cap is None or not cost.cents_100:
            continue
        spent = await grant_money.booked(session, grant.id, month, person_id)
        if spent + cost.cents_100 > cap:
            facts: dict[str, Fact] = {
                "whose": whose,
                "cap": Decimal(cap) / 10_000,
                "spent": Decimal(spent) / 10_000,
            }
            found.append(Say("group.problem_budget", facts))
    return found
