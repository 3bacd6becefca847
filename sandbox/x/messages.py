"""Direct messages between two accounts and who may write to whom. Speaks no HTTP and shows no JSON."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sandbox.x import errors
from sandbox.x.accounts import Account
from sandbox.x.clock import Clock
from sandbox.x.follows import Follows
from sandbox.x.ids import Snowflakes
from sandbox.x.media import Media, MediaShelf
from sandbox.x.render import Rendered, render_message
from sandbox.x.wording import tidy

# X's price list (x-api/getting-started/pricing.mdx), US dollars: DM interaction create.
PRICE = 0.015
# x-api/direct-messages/manage: up to 10,000 characters, and events of the last 30 days.
TEXT_MAX = 10_000
KEPT_SECONDS = 30 * 24 * 60 * 60


@dataclass
class Message:
    """One message; `typed` is what was asked for, `rendered` what the API tells."""

    id: str
    sender: Account
    recipient: Account
    typed: str
    created_at: datetime
    made_at: float
    media: list[Media]
    rendered: Rendered

    @property
    def conversation_id(self) -> str:
        """Return the id of the conversation of these two."""
        return conversation_id(self.sender, self.recipient)


class Messages:
    """Every message, oldest first."""

    def __init__(self, clock: Clock, snowflakes: Snowflakes, media: MediaShelf, follows: Follows) -> None:
        self._clock = clock
        self._snowflakes = snowflakes
        self._media = media
        self._follows = follows
        self.all: list[Message] = []
        self._by_id: dict[str, Message] = {}
        self._by_conversation: defaultdict[str, list[Message]] = defaultdict(list)
        self._by_account: defaultdict[str, list[Message]] = defaultdict(list)

    def between(self, one: Account, other: Account) -> list[Message]:
        """Return what X still shows of a conversation, newest first."""
        return self._kept(self._by_conversation[conversation_id(one, other)])

    def conversation(self, account: Account, conversation_id: str) -> list[Message]:
        """Return what X still shows an account of a conversation, newest first; of a foreign one, nothing."""
        found = self._kept(self._by_conversation.get(conversation_id, []))
        return [message for message in found if account in (message.sender, message.recipient)]

    def of(self, account: Account) -> list[Message]:
        """Return what X still shows an account of all its conversations, newest first."""
        return self._kept(self._by_account[account.id])

    def one(self, account: Account, event_id: str) -> Message | None:
        """Return one message that X still shows this account, else None."""
        found = self._by_id.get(event_id)
        if found is None or account not in (found.sender, found.recipient):
            return None
        return next(iter(self._kept([found])), None)

    def send(self, sender: Account, recipient: Account | None, text: str, media_ids: list[str]) -> Message:
        """Send a message. Raises XError with X's refusal."""
        if recipient is None or recipient.suspended or not self._welcome(sender, recipient):
            raise errors.forbidden(errors.NO_MESSAGES)
        typed = tidy(text)
        if len(typed) > TEXT_MAX:
            raise errors.coded(403, 354)
        media = self._media.usable(sender, media_ids)
        if not typed and not media:
            raise errors.invalid("$.text: must be at least 1 characters long", {"text": [text]})
        message = self._made(sender, recipient, typed, media)
        self._keep(message)
        return message

    def _welcome(self, sender: Account, recipient: Account) -> bool:
        """Tell whether an account takes messages from another: of those it follows, or has written to."""
        if recipient.takes_messages or self._follows.follows(recipient.id, sender.id):
            return True
        return any(
            one.sender is recipient for one in self._by_conversation[conversation_id(sender, recipient)]
        )

    def _made(self, sender: Account, recipient: Account, typed: str, media: list[Media]) -> Message:
        message_id = self._snowflakes.next()
        shown = [(one.key, f"https://x.com/messages/media/{message_id}") for one in media]
        made_at, created_at = self._clock.now(), self._clock.utc()
        rendered = render_message(typed, shown)
        return Message(message_id, sender, recipient, typed, created_at, made_at, media, rendered)

    def _keep(self, message: Message) -> None:
        self.all.append(message)
        self._by_id[message.id] = message
        self._by_conversation[message.conversation_id].append(message)
        for account_id in {message.sender.id, message.recipient.id}:
            self._by_account[account_id].append(message)

    def _kept(self, messages: list[Message]) -> list[Message]:
        oldest = self._clock.now() - KEPT_SECONDS
        return [message for message in reversed(messages) if message.made_at >= oldest]


def conversation_id(one: Account, other: Account) -> str:
    """Return both ids, the smaller first, as X's recorded answers have it."""
    return "-".join(sorted((one.id, other.id), key=int))
