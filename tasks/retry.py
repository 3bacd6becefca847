"""When to try again, and when to ask the person instead. Pure."""

from datetime import datetime, timedelta

#: An unknown write is surely not there when two look-ups missed it, the later this long after the send.
SETTLE_AFTER = timedelta(seconds=120)
#: Look-ups that must miss the post before it counts as surely not there.
LOOKS = 2
#: The first look after a time-out: X's timeline shows most posts within seconds.
FIRST_LOOK_AFTER = timedelta(seconds=5)
#: X's clock and ours may differ by this much when a post's time is compared with the send.
CLOCKS_DIFFER_BY = timedelta(seconds=60)
#: After this many sends with an unknown end the person is asked.
SENDS_MAX = 2
#: After this many tries with nothing sent the task fails and says so.
TRIES_MAX = 6

#: An app out of credit is tried with one request this often, until somebody says that it has credit again.
TRIAL_EVERY = timedelta(hours=1)
#: A limit for which X names no moment: one window of its 15-minute limits longer each time, so many times.
LIMITED_LONGER = timedelta(minutes=15)
LIMITED_TRIES_MAX = 4
#: X gives the messages of the last 30 days; a look must reach further back than the message.
CONVERSATION_KEPT = timedelta(days=29)

#: A task whose runs end for no known reason this often is not run again.
RUNS_MAX = 10

_WAITS_S = (2, 5, 15, 60, 180)


def wait_after(tries: int) -> timedelta | None:
    """Say how long to wait after this many fruitless tries. None: give up."""
    if tries >= TRIES_MAX:
        return None
    return timedelta(seconds=_WAITS_S[min(tries, len(_WAITS_S)) - 1])


def longer_limit(tries: int) -> timedelta:
    """Say how much longer than X suggests to wait after this many limits without a moment."""
    return LIMITED_LONGER * (min(tries, LIMITED_TRIES_MAX) - 1)


def next_look(sent_at: datetime, now: datetime, settle_after: timedelta) -> datetime:
    """Say when to look again for a post whose sending ended unknown: soon, then after `settle_after`."""
    soon = now + FIRST_LOOK_AFTER
    return soon if now - sent_at < 3 * FIRST_LOOK_AFTER else max(soon, sent_at + settle_after)


def surely_absent(looks: int, sent_at: datetime, now: datetime, settle_after: timedelta) -> bool:
    """Say whether look-ups that missed the post prove that X never took it."""
    return looks >= LOOKS and now - sent_at >= settle_after
