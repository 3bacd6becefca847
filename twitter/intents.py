"""Links that open X with an action ready, which the person there finishes: a hand-off costs nothing.

Source: X for Websites, "Web Intents", and "Direct Message deep link", read 2026-08.
"""

from urllib.parse import quote, urlencode

from twitter.client import X, checked_id

#: Telegram names no limit for the link of a button; up to here all of its clients and all browsers take one.
BUTTON_LINK_MAX = 2048


def fits_a_button(link: str) -> bool:
    """Tell whether a link is short enough for a button in Telegram: texts of many emoji may be not."""
    return len(link) <= BUTTON_LINK_MAX


def tweet(x: X, text: str, *, reply_to: str | None = None, url: str | None = None) -> str:
    """Open the composer with a text; X puts `url` behind it, and `reply_to` is the post it answers."""
    answered = checked_id(reply_to) if reply_to else None
    return _address(x, "/intent/tweet", in_reply_to=answered, text=text, url=url)


def reply(x: X, post_id: str, text: str = "") -> str:
    """Open the composer under a post."""
    return tweet(x, text, reply_to=post_id)


def like(x: X, post_id: str) -> str:
    """Ask the person whether to like a post."""
    return _address(x, "/intent/like", tweet_id=checked_id(post_id))


def repost(x: X, post_id: str) -> str:
    """Ask the person whether to repost a post."""
    return _address(x, "/intent/retweet", tweet_id=checked_id(post_id))


def follow(x: X, username: str) -> str:
    """Ask the person whether to follow an account, named without the @."""
    return _address(x, "/intent/follow", screen_name=username)


def message(x: X, user_id: str, text: str = "") -> str:
    """Open a conversation with an account, with a text to send."""
    return _address(x, "/messages/compose", recipient_id=checked_id(user_id), text=text)


def _address(x: X, path: str, **params: str | None) -> str:
    """Encode as UTF-8 with %20 for spaces; half a surrogate pair, which has no UTF-8, becomes a "?"."""
    given = {name: value for name, value in params.items() if value}
    return f"{x.web_origin}{path}?{urlencode(given, quote_via=quote, safe='', errors='replace')}"
