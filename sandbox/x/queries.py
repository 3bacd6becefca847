"""Path and query parameters of API v2, refused in X's manner when they are wrong. Looks nothing up."""

import re
from datetime import datetime

from starlette.requests import Request

from sandbox.x import errors

FIELD_KINDS = ("tweet", "post", "media", "poll", "place", "user", "dm_event")
_SMALL = re.compile(r"[0-9]{1,9}")
ID_LENGTH = 19
ID = re.compile(r"[0-9]{1,19}")
CONVERSATION = re.compile(r"([0-9]{1,19}-[0-9]{1,19}|[0-9]{15,19})")
USERNAME = re.compile(r"[A-Za-z0-9_]{1,15}")
# A pagination token is opaque: this much around the id of the last item shown.
_TOKEN_PREFIX = "7140dibdnow9c7btw"  # noqa: S105 - a page mark


def check_names(request: Request, *names: str) -> None:
    """Raise XError 400 for a query parameter X does not know; the fields of both dialects are known."""
    known = [*names, "expansions", *(f"{kind}.fields" for kind in FIELD_KINDS)]
    for name in request.query_params:
        if name not in known:
            message = f"The query parameter [{name}] is not one of [{','.join(known)}]"
            raise errors.invalid(message, {name: request.query_params.getlist(name)})


def path_id(request: Request, name: str = "id") -> str:
    """Return an id out of the path. Raises XError 400 when it is no number."""
    return _matching(ID, name, str(request.path_params[name]))


def username(request: Request) -> str:
    """Return a username out of the path. Raises XError 400 when it cannot be one."""
    return _matching(USERNAME, "username", str(request.path_params["username"]))


def own_id(request: Request, account_id: str, name: str = "id") -> str:
    """Return the id of the path. Raises XError 400 when it is not that of the account that asks."""
    found = path_id(request, name)
    if found != account_id:
        words = f"value [{found}] must be the same as the authenticating user [{account_id}]"
        raise errors.invalid(f"The `{name}` query parameter {words}", {name: [found]})
    return found


def conversation_id(request: Request) -> str:
    """Return the id of a conversation out of the path. Raises XError 400 when it cannot be one."""
    return _matching(CONVERSATION, "id", str(request.path_params["id"]))


def id_list(request: Request, name: str = "ids") -> list[str]:
    """Return 1 to 100 ids. Raises XError 400 otherwise."""
    return [_matching(ID, name, one) for one in _items(request, name)]


def username_list(request: Request) -> list[str]:
    """Return 1 to 100 usernames. Raises XError 400 otherwise."""
    return [_matching(USERNAME, "usernames", one) for one in _items(request, "usernames")]


def whole_number(request: Request, name: str, default: int, low: int, high: int) -> int:
    """Return a number of the query. Raises XError 400 outside its range."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if not _SMALL.fullmatch(text) or not low <= int(text) <= high:
        raise errors.invalid(
            f"The `{name}` query parameter value [{text}] is not between {low} and {high}", {name: [text]}
        )
    return int(text)


def optional_id(request: Request, name: str) -> int | None:
    """Return an id of the query as a number. Raises XError 400 when it is none."""
    text = request.query_params.get(name)
    return None if text is None else int(_matching(ID, name, text))


def moment(request: Request, name: str) -> datetime | None:
    """Return a time of the query. Raises XError 400 when it is not RFC 3339."""
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise _wrong(name, text) from error
    if found.tzinfo is None:
        raise _wrong(name, text)
    return found


def choices(request: Request, name: str, known: tuple[str, ...]) -> frozenset[str]:
    """Return the words of a list in the query, each one of `known`. Raises XError 400 otherwise."""
    text = request.query_params.get(name)
    found = [] if text is None else text.split(",")
    for word in found:
        if word not in known:
            message = f"The `{name}` query parameter value [{word}] is not one of [{','.join(known)}]"
            raise errors.invalid(message, {name: [text or ""]})
    return frozenset(found)


def page_mark(request: Request, *names: str) -> int | None:
    """Return the id behind which a page begins, from the first parameter of these names that is there.

    Raises XError 400 for a token that is none of ours.
    """
    for name in names or ("pagination_token",):
        token = request.query_params.get(name)
        if token is not None:
            return _page_number(name, token)
    return None


def _page_number(name: str, token: str) -> int:
    number = token.removeprefix(_TOKEN_PREFIX)
    if not number.isascii() or not number.isdigit() or number == token or len(number) > ID_LENGTH:
        message = f"The `{name}` query parameter value [{token}] is not valid"
        raise errors.invalid(message, {name: [token]})
    return int(number)


def page_token(last_id: str) -> str:
    """Return the token of the page behind this id."""
    return _TOKEN_PREFIX + last_id


def _items(request: Request, name: str) -> list[str]:
    text = request.query_params.get(name)
    if text is None:
        raise errors.invalid(f"The `{name}` query parameter can not be empty", {name: [""]})
    items = text.split(",")
    if not 1 <= len(items) <= 100:
        raise errors.invalid(f"size must be between 1 and 100 for `{name}`", {name: items})
    return items


def _matching(pattern: re.Pattern[str], name: str, text: str) -> str:
    if not pattern.fullmatch(text):
        raise errors.invalid(
            f"The `{name}` query parameter value [{text}] does not match ^{pattern.pattern}$", {name: [text]}
        )
    return text


def _wrong(name: str, text: str) -> errors.XError:
    return errors.invalid(
        f"The `{name}` query parameter value [{text}] is not a valid date-time", {name: [text]}
    )
