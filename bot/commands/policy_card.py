"""What is shown of a grant: its policy, how it stands, and the owner's buttons. Changes nothing."""

from bot.commands import policy_words, press
from bot.commands.granted import Granted
from storage import grants, people
from storage.db import Session
from storage.tables import GrantState
from tasks.policy import Approves, Asked, Asks, Policy, Unapproved
from texts.reply import Button, Fact, Reply, Rows, Say, Style

#: How many approvals, posts a day and dollars a month buttons offer.
VOTES = (1, 2, 3)
QUOTAS = (1, 3, 5, 10)
CAPS = (10_000, 50_000, 200_000)
HOURS = "22:00-07:00"
SECTIONS = ("asks", "kinds", "approves", "unapproved", "limits", "hours")


async def of(session: Session, granted: Granted, section: str = "", *, fresh: bool = False) -> Reply:
    """Show a grant to its owner, with the buttons of one section, or those that lead to the sections."""
    asking, approving = await _named(session, granted)
    facts = await _facts(session, granted)
    warned = (Say("policy.nobody_listed"),) if policy_words.nobody_listed(granted.policy, asking) else ()
    if policy_words.cannot_be_approved(granted.policy, approving, granted.connection.person_id):
        warned = (*warned, Say("policy.cannot_be_approved"))
    rows = _section(granted, section) if section in SECTIONS else _ways(granted)
    if section in ("asks", "approves"):
        rows = (*rows, *await _drops(session, granted, section))
    back = (_button("policy.button_back", "pol", granted),) if section in SECTIONS else _all()
    return Reply("policy.page", facts | {"warnings": warned}, (*rows, back), fresh=fresh)


async def in_group(
    session: Session, granted: Granted, *, fresh: bool = False, about: int | None = None
) -> Reply:
    """Show a grant to the group: whose it is, how it stands, its policy; and how any admin stops it.

    `about`: whom its owner may name by the buttons, having replied to them.
    """
    facts = await _facts(session, granted)
    rows: Rows = ((freezing(granted),),)
    if about is not None:
        rows = (await _naming(session, granted, about), *rows)
    return Reply("policy.here", facts, rows, fresh=fresh)


async def _naming(session: Session, granted: Granted, person_id: int) -> tuple[Button, ...]:
    """Offer to name somebody, or to strike them, for what the policy can name people."""
    asking, approving = await _named(session, granted)
    named = {"asks": asking if granted.policy.asks is Asks.LISTED else [], "approves": approving}
    who = await name(session, person_id)
    return tuple(
        _button(
            "policy.button_name",
            "pol_name",
            granted,
            extra=f"{role}.{person_id}",
            facts={"role": role, "on": policy_words.yes(person_id in named[role]), "first_name": who},
        )
        for role in nameable(granted.policy)
    )


def nameable(policy: Policy) -> tuple[str, ...]:
    """Say for what a policy can name people: to ask, unless everybody may; to approve, where the named do."""
    asks = ("asks",) if policy.asks is not Asks.MEMBERS else ()
    return (*asks, "approves") if policy.approves is Approves.NAMED else asks


async def sentences(session: Session, granted: Granted) -> policy_words.Lines:
    """Say what a grant's policy allows."""
    asking, approving = await _named(session, granted)
    return policy_words.lines(granted.policy, await names(session, asking), await names(session, approving))


async def names(session: Session, person_ids: list[int]) -> str:
    """Name people by what the bot knows of them."""
    return ", ".join([await name(session, each) for each in person_ids])


async def name(session: Session, person_id: int) -> str:
    """Name somebody."""
    person = await people.get(session, person_id)
    return person.first_name if person and person.first_name else str(person_id)


def state(granted: Granted) -> str:
    """Say how a grant stands: active, frozen, suspended or ended."""
    grant = granted.grant
    return "frozen" if grant.state == GrantState.ACTIVE and grant.frozen_at else grant.state


def freezing(granted: Granted) -> Button:
    """Offer to stop all that goes through a grant, or to let it go on."""
    if granted.grant.frozen_at:
        return _button("policy.button_thaw", "g_thaw", granted, style=Style.SUCCESS)
    return _button("policy.button_freeze", "g_freeze", granted, style=Style.DANGER)


def open_page(granted: Granted) -> Button:
    """Lead from the list to a grant's page."""
    facts: dict[str, Fact] = {"username": granted.account, "title": granted.group.title}
    return _button("policy.button_page", "pol", granted, facts=facts)


async def _facts(session: Session, granted: Granted) -> dict[str, Fact]:
    grant = granted.grant
    return {
        "username": granted.account,
        "title": granted.group.title,
        "who": await name(session, granted.connection.person_id),
        "state": state(granted),
        "why": grant.suspended_why or "other",
        "froze_owns": policy_words.yes(grant.frozen_by == granted.connection.person_id),
        "froze_name": await name(session, grant.frozen_by) if grant.frozen_by else "?",
        "lines": await sentences(session, granted),
    }


async def _named(session: Session, granted: Granted) -> tuple[list[int], list[int]]:
    grant_id = granted.grant.id
    return await grants.people(session, grant_id, "asks"), await grants.people(session, grant_id, "approves")


def _ways(granted: Granted) -> Rows:
    if granted.grant.state == GrantState.ENDED:
        return ()
    policy = granted.policy
    links, named = policy_words.yes(policy.links), policy_words.yes(policy.names_author)
    resume = (_button("policy.button_resume", "g_resume", granted, style=Style.SUCCESS),)
    return (
        (_to(granted, "asks"), _to(granted, "kinds")),
        (_to(granted, "approves"), _to(granted, "unapproved")),
        (_to(granted, "limits"), _to(granted, "hours")),
        (_set(granted, "links", "no" if policy.links else "yes", "policy.button_links", allowed=links),),
        (
            _set(
                granted, "names", "no" if policy.names_author else "yes", "policy.button_author", named=named
            ),
        ),
        resume if granted.grant.state == GrantState.SUSPENDED else (),
        (freezing(granted), _button("policy.button_tell", "pol_tell", granted)),
        (
            _button("policy.button_hand_over", "g_over", granted),
            _button("policy.button_end", "g_end", granted, style=Style.DANGER),
        ),
    )


def _section(granted: Granted, section: str) -> Rows:
    policy = granted.policy
    if section == "asks":
        chosen = tuple((_choice(granted, "asks", each, policy.asks is each),) for each in Asks)
        return (*chosen, (_ask_people(granted, "asks"),))
    if section == "kinds":
        return tuple((_choice(granted, "kinds", each, each in policy.kinds),) for each in Asked)
    if section == "unapproved":
        return tuple(
            (_choice(granted, "unapproved", each, each in policy.unapproved),) for each in Unapproved
        )
    if section == "approves":
        return _approving(granted, policy)
    return _limiting(granted) if section == "limits" else _hours(granted, policy)


def _approving(granted: Granted, policy: Policy) -> Rows:
    chosen = tuple((_choice(granted, "approves", each, policy.approves is each),) for each in Approves)
    votes = tuple(
        _set(granted, "votes", str(each), "policy.button_votes", count=each, on=_on(policy, each))
        for each in VOTES
    )
    turned = "no" if policy.in_order else "yes"
    in_order = policy_words.yes(policy.in_order)
    order = (_set(granted, "order", turned, "policy.button_order", on=in_order),)
    return (*chosen, votes, order, (_ask_people(granted, "approves"),))


def _on(policy: Policy, votes: int) -> str:
    return policy_words.yes(policy.votes_needed == votes)


def _limiting(granted: Granted) -> Rows:
    rows = [tuple(_set(granted, "quota", str(each), "policy.button_quota", count=each) for each in QUOTAS)]
    rows.append((_set(granted, "quota", "none", "policy.button_no_quota"), _other(granted, "quota")))
    for column in ("cap", "pcap"):
        presets = tuple(
            _set(granted, column, str(cap), f"policy.button_{column}", cap=policy_words.dollars(cap))
            for cap in CAPS
        )
        rows.append(presets)
        rows.append((_set(granted, column, "none", f"policy.button_no_{column}"), _other(granted, column)))
    return tuple(rows)


def _hours(granted: Granted, policy: Policy) -> Rows:
    zone: dict[str, Fact] = {"zone": policy.zone or "UTC"}
    return (
        (_set(granted, "quiet", HOURS, "policy.button_quiet", hours=HOURS),),
        (_set(granted, "quiet", "none", "policy.button_no_quiet"), _other(granted, "quiet")),
        (_button("policy.button_zone", "pol_ask", granted, extra="zone", facts=zone),),
    )


async def _drops(session: Session, granted: Granted, role: str) -> Rows:
    """Offer to strike each of those who are named."""
    rows = []
    for each in await grants.people(session, granted.grant.id, role):
        facts: dict[str, Fact] = {"first_name": await name(session, each)}
        extra = f"{role}.{each}"
        rows.append((_button("policy.button_drop", "pol_drop", granted, extra=extra, facts=facts),))
    return tuple(rows)


def _to(granted: Granted, section: str) -> Button:
    return _button(f"policy.button_{section}", "pol", granted, extra=section)


def _choice(granted: Granted, column: str, value: str, on: bool) -> Button:  # noqa: FBT001 - its mark
    what: dict[str, Fact] = {"what": policy_words.word(column, value), "on": policy_words.yes(on)}
    return _button("policy.button_choice", "pol_set", granted, extra=f"{column}.{value}", facts=what)


def _set(granted: Granted, column: str, value: str, key: str, **facts: Fact) -> Button:
    return _button(key, "pol_set", granted, extra=f"{column}.{value}", facts=facts)


def _ask_people(granted: Granted, role: str) -> Button:
    return _button("policy.button_people", "pol_people", granted, extra=role)


def _other(granted: Granted, column: str) -> Button:
    return _button("policy.button_other", "pol_ask", granted, extra=column)


def _all() -> tuple[Button, ...]:
    return (Button("policy.button_all", "policies:0:0"),)


def _button(
    key: str,
    verb: str,
    granted: Granted,
    *,
    extra: str = "",
    style: Style = Style.PLAIN,
    facts: dict[str, Fact] | None = None,
) -> Button:
    return press.button(key, verb, granted.grant, extra=extra, style=style, facts=facts)
