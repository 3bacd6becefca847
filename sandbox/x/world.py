"""Everything one running sandbox X knows, in one place. Holds no behaviour of its own."""

from dataclasses import dataclass

from sandbox.x.accounts import Register
from sandbox.x.chaos import Chaos
from sandbox.x.clock import Clock
from sandbox.x.credits import Ledger
from sandbox.x.faults import FaultBook
from sandbox.x.follows import Follows
from sandbox.x.grants import Grants
from sandbox.x.ids import Snowflakes, random_key
from sandbox.x.journal import Journal
from sandbox.x.limits import Limits
from sandbox.x.media import MediaShelf
from sandbox.x.messages import Messages
from sandbox.x.oauth import Signatures
from sandbox.x.posts import Posts


@dataclass
class World:
    """The state behind every request; one event loop owns it, so no locks."""

    clock: Clock
    snowflakes: Snowflakes
    register: Register
    follows: Follows
    grants: Grants
    signatures: Signatures
    posts: Posts
    messages: Messages
    media: MediaShelf
    limits: Limits
    ledger: Ledger
    faults: FaultBook
    chaos: Chaos
    journal: Journal
    control_token: str
    telegram_origin: str
    self_serve: bool = True
    """Whether apps are self-serve ones: no follows, no likes, no quotes, replies only where invited."""


def new_world(control_token: str | None = None, telegram_origin: str = "http://127.0.0.1:8100") -> World:
    """Return a fresh world with the built-in apps and accounts."""
    clock = Clock()
    snowflakes = Snowflakes(clock)
    register = Register(clock, snowflakes)
    grants = Grants(clock)
    media = MediaShelf(clock, snowflakes)
    follows = Follows()
    return World(
        clock=clock,
        snowflakes=snowflakes,
        register=register,
        follows=follows,
        grants=grants,
        signatures=Signatures(register, grants, clock),
        posts=Posts(),
        messages=Messages(clock, snowflakes, media, follows),
        media=media,
        limits=Limits(clock),
        ledger=Ledger(clock),
        faults=FaultBook(),
        chaos=Chaos(),
        journal=Journal(clock),
        control_token=control_token or random_key(32),
        telegram_origin=telegram_origin,
    )
