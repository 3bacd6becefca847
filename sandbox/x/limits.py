"""Rate windows and the headers that tell of them. Does not know what a request does.

Numbers: X's rate limit table (x-api/fundamentals/rate-limits.mdx), the per-user column; windows of 15 minutes
or 24 hours. The limit of 100 posts per user in 24 hours is reported (node-twitter-api-v2#618).
"""

from dataclasses import dataclass
from math import ceil

from sandbox.x.clock import Clock
from sandbox.x.errors import XError, too_many_requests

QUARTER = 15 * 60
DAY = 24 * 60 * 60
POSTING = "POST /2/tweets"
PER_USER = {
    POSTING: 100,
    "DELETE /2/tweets/{id}": 50,
    "GET /2/tweets/{id}": 900,
    "GET /2/tweets": 5000,
    "GET /2/tweets/search/recent": 300,
    "POST /2/users/{id}/retweets": 50,
    "DELETE /2/users/{id}/retweets/{source_tweet_id}": 50,
    "POST /2/users/{id}/likes": 50,
    "DELETE /2/users/{id}/likes/{tweet_id}": 50,
    "GET /2/users/{id}/timelines/reverse_chronological": 180,
    "GET /2/users/me": 75,
    "GET /2/users": 900,
    "GET /2/users/{id}": 900,
    "GET /2/users/by": 900,
    "GET /2/users/by/username/{username}": 900,
    "POST /2/users/{id}/following": 50,
    "DELETE /2/users/{source_user_id}/following/{target_user_id}": 50,
    "GET /2/users/{id}/following": 300,
    "GET /2/users/{id}/followers": 300,
    "GET /2/users/{id}/tweets": 900,
    "GET /2/users/{id}/mentions": 300,
    "POST /2/dm_conversations/with/{participant_id}/messages": 15,
    "GET /2/dm_conversations/with/{participant_id}/dm_events": 15,
    "GET /2/dm_conversations/{id}/dm_events": 15,
    "GET /2/dm_events": 15,
    "GET /2/dm_events/{event_id}": 15,
    "POST /2/media/upload/initialize": 1875,
    "POST /2/media/upload/{id}/append": 1875,
    "POST /2/media/upload/{id}/finalize": 1875,
    "GET /2/media/upload": 1000,
    "POST /2/media/upload": 500,
    "POST /2/media/metadata": 500,
}
APP_DAY_POSTS = 10_000
USER_DAY_POSTS = 100


@dataclass
class Window:
    """A count that starts anew at `reset`, a whole second: a client that comes then is not too early."""

    limit: int
    reset: int
    used: int = 0

    @property
    def remaining(self) -> int:
        """Return how many requests are left."""
        return max(0, self.limit - self.used)

    def headers(self, prefix: str) -> dict[str, str]:
        """Return the three headers of this window."""
        values = {"limit": self.limit, "remaining": self.remaining, "reset": self.reset}
        return {f"{prefix}-{name}": str(value) for name, value in values.items()}


class Limits:
    """The windows of every account and app."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[tuple[str, str], Window] = {}
        self.factor = 1

    def clear(self) -> None:
        """Start every window anew."""
        self._windows.clear()

    def take(self, operation: str, account_id: str, app_name: str) -> dict[str, str]:
        """Count one request and return its headers. Raises XError 429 when a window is used up."""
        windows = self._windows_of(operation, account_id, app_name)
        exhausted = any(window.remaining == 0 for window in windows.values())
        for window in windows.values():
            window.used += 0 if exhausted else 1
        headers: dict[str, str] = {}
        for prefix, window in windows.items():
            headers.update(window.headers(prefix))
        if exhausted:
            raise self.refusal(headers)
        return headers

    def use_up(self, operation: str, account_id: str, app_name: str, prefix: str, seconds: float) -> None:
        """Let nothing pass for some seconds, by the window of this name or by the only one there is."""
        windows = self._windows_of(operation, account_id, app_name)
        window = windows.get(prefix) or windows["x-rate-limit"]
        window.used, window.reset = window.limit, ceil(self._clock.now() + seconds)

    @staticmethod
    def refusal(headers: dict[str, str]) -> XError:
        """Return the 429 that carries these headers."""
        return too_many_requests(headers)

    def _windows_of(self, operation: str, account_id: str, app_name: str) -> dict[str, Window]:
        limit = PER_USER.get(operation, 75)
        windows = {"x-rate-limit": self._window(f"{operation} {app_name}", account_id, limit, QUARTER)}
        if operation == POSTING:
            windows["x-app-limit-24hour"] = self._window("app day", app_name, APP_DAY_POSTS, DAY)
            windows["x-user-limit-24hour"] = self._window(
                f"user day {app_name}", account_id, USER_DAY_POSTS, DAY
            )
        return windows

    def _window(self, name: str, who: str, limit: int, seconds: int) -> Window:
        now = self._clock.now()
        found = self._windows.get((name, who))
        if found is None or found.reset <= now or found.limit != limit * self.factor:
            found = self._windows[(name, who)] = Window(limit * self.factor, ceil(now + seconds))
        return found
