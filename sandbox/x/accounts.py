"""Apps and accounts and the made-up ones a sandbox starts with. Knows nothing of tokens, posts or HTTP."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sandbox.x.clock import Clock
from sandbox.x.ids import Snowflakes, derived_key

READ = "read"
READ_WRITE = "read-write"
READ_WRITE_DM = "read-write-directmessages"
# The three values of X's x-access-level header, weakest first.
ACCESS_LEVELS = (READ, READ_WRITE, READ_WRITE_DM)
_ALIASES = {"read-write-dm": READ_WRITE_DM}
DEFAULT_CALLBACK = "http://127.0.0.1/callback"
BORN = datetime(2024, 2, 29, 12, 0, tzinfo=UTC)


@dataclass
class App:
    """A consumer key and secret and what the console says about them; people see the title."""

    name: str
    title: str
    consumer_key: str
    consumer_secret: str = field(repr=False)
    access_level: str = READ_WRITE_DM
    callback: str | None = DEFAULT_CALLBACK
    suspended: bool = False
    enrolled: bool = True
    owner_id: str | None = None
    """The account whose reads about itself are the cheaper owned reads."""
    balance: Decimal | None = None
    """Credit left, in US dollars; without end where None."""


@dataclass
class Account:
    """A made-up X account."""

    id: str
    username: str
    name: str
    premium: bool = False
    locked: bool = False
    suspended: bool = False
    takes_messages: bool = True
    """Whether people it does not follow may write to it."""
    protected: bool = False
    """Whether it decides who follows it, and only followers see what it writes."""
    description: str = ""
    created_at: datetime = BORN


def access_level(text: str) -> str:
    """Return the header's spelling of an access level; raises ValueError for anything else."""
    level = _ALIASES.get(text, text)
    if level not in ACCESS_LEVELS:
        raise ValueError(f"access_level is one of {', '.join(ACCESS_LEVELS)}")
    return level


def lower_level(app_level: str, asked: str | None) -> str:
    """Return what x_auth_access_type leaves of the app's level: it can only lower it."""
    limits = {"read": READ, "write": READ_WRITE}
    wanted = limits.get(asked or "", app_level)
    return min(app_level, wanted, key=ACCESS_LEVELS.index)


class Register:
    """Every app and every account by the names they are looked up by."""

    def __init__(self, clock: Clock, snowflakes: Snowflakes) -> None:
        self._clock = clock
        self._snowflakes = snowflakes
        self.apps: dict[str, App] = {}
        self.accounts: dict[str, Account] = {}
        self._by_id: dict[str, Account] = {}
        _add_builtin(self)

    def app_by_key(self, consumer_key: str) -> App | None:
        """Return the app with this consumer key."""
        return next((app for app in self.apps.values() if app.consumer_key == consumer_key), None)

    def account(self, username: str) -> Account | None:
        """Return the account with this username, in any case."""
        return self.accounts.get(username.lower())

    def account_by_id(self, account_id: str) -> Account | None:
        """Return the account with this id."""
        return self._by_id.get(account_id)

    def add(self, account: Account) -> None:
        """Keep an account by its username and its id."""
        self.accounts[account.username.lower()] = account
        self._by_id[account.id] = account

    def ensure_app(self, name: str) -> App:
        """Return the app of this name, made with derived keys when it is new."""
        if name not in self.apps:
            self.apps[name] = App(
                name, name, derived_key(f"key {name}", 25), derived_key(f"secret {name}", 50)
            )
        return self.apps[name]

    def ensure_account(self, username: str, name: str | None = None) -> Account:
        """Return the account of this username, made when it is new."""
        found = self.account(username)
        if found is None:
            found = Account(self._snowflakes.next(), username, name or username, created_at=self._clock.utc())
            self.add(found)
        return found


def _add_builtin(register: Register) -> None:
    for app in _builtin_apps():
        register.apps[app.name] = app
    for account in _builtin_accounts():
        register.add(account)


def _builtin_apps() -> list[App]:
    def app(name: str, title: str, **more: Any) -> App:
        return App(name, title, derived_key(f"key {name}", 25), derived_key(f"secret {name}", 50), **more)

    return [
        app("registered", "Pinfeather Demo"),
        app("own", "My Own App"),
        app("read_only", "Demo Reader", access_level=READ),
        app("no_callback", "Demo Without Callback", callback=None),
        app("suspended", "Demo Suspended App", suspended=True),
        app("no_access", "Demo Without Plan", enrolled=False),
    ]


def _builtin_accounts() -> list[Account]:
    return [
        Account("1500000000000000001", "alice_writes", "Alice Writes", description="Short things, daily."),
        Account("1500000000000000002", "newsroom_demo", "Demo Newsroom", description="News that never was."),
        Account("1500000000000000003", "rtl_demo", "rtl_اختبار", description="حساب تجريبي"),
        Account("1500000000000000004", "locked_demo", "Locked Demo", locked=True),
        Account(
            "1500000000000000005",
            "premium_demo",
            "Premium Demo",
            premium=True,
            description="Up to 25,000 characters.",
        ),
    ]
