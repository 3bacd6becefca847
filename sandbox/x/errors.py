"""X's refusals, word for word where they are known. Decides nothing.

Sources are named per body: `x-responses` means answers recorded or reported, collected for
the project. Where a sentence is not known it was made up in X's manner.
"""

import json
from dataclasses import dataclass, field
from typing import Any

JSON = "application/json; charset=utf-8"
PROBLEM = "application/problem+json"
TEXT = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"
LEGACY_PROBLEMS = "https://api.twitter.com/2/problems/"
NEW_PROBLEMS = "https://api.x.com/2/problems/"

# v1.1-style codes. 32, 89, 415: x-responses. 64, 93, 135, 150, 215, 326, 349, 354, 416: X's list
# of codes. 417: reported.
MESSAGES = {
    32: "Could not authenticate you.",
    64: "Your account is suspended and is not permitted to access this feature.",
    89: "Invalid or expired token.",
    93: "This application is not allowed to access or delete your direct messages.",
    135: "Timestamp out of bounds.",
    150: "You cannot send messages to users who are not following you.",
    215: "Bad Authentication data.",
    349: "You cannot send messages to this user.",
    354: "The text of your direct message is over the max character limit.",
    326: "To protect our users from spam and other malicious activity, this account is temporarily locked. "
    "Please log in to https://x.com to unlock your account.",
    415: "Callback URL not approved for this client application. Approved callback URLs can be adjusted in "
    "your application settings",
    416: "Invalid / suspended application",
    417: "Desktop applications only support the oauth_callback value 'oob'",
}
# X's words for a PIN that does not fit and for a request token it does not know (x-responses).
WRONG_PIN = "Error processing your OAuth request: Invalid oauth_verifier parameter"
DEAD_REQUEST_TOKEN = "Reverse auth credentials are invalid"  # noqa: S105 - a sentence
NO_REQUEST_TOKEN = "Request token missing"  # noqa: S105 - a sentence

DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
NOT_PERMITTED = "You are not permitted to perform this action."
REPLY_GATE = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by "
    "the author of the post you are replying to."
)
QUOTE_GATE = (
    "Quoting this post is not allowed because you have not been mentioned or otherwise engaged by the author "
    "of the post you are quoting."
)
QUOTE_GONE = "You attempted to quote a Tweet that is deleted or not visible to you."
# Reported of API v2 by several clients; v1.1 had the sentence as code 327.
REPOSTED_ALREADY = "You have already retweeted this Tweet."
REPLY_GONE = "You attempted to reply to a Tweet that is deleted or not visible to you."
NO_FEATURE = "Your account is not permitted to access this feature."
# In the words of v1.1's code 158 (X's list of codes).
FOLLOW_YOURSELF = "You can't follow yourself."
TOO_LONG_VIDEO = "This user is not allowed to post a video longer than 2 minutes."
# Nobody has reported this one: it stands for what X may say next year.
UNHEARD_OF = "This app is not allowed to act on Mondays."
MEDIA_IDS = "Your media IDs are invalid."
# Reported by several who send messages by API v2 (2022 to 2026), for whatever reason the other side has.
NO_MESSAGES = "You do not have permission to DM one or more participants."


@dataclass
class XError(Exception):
    """An answer that is a refusal."""

    status: int
    body: str
    content_type: str
    headers: dict[str, str] = field(default_factory=dict)


def coded(status: int, code: int) -> XError:
    """Return the v1.1-style JSON body with one code."""
    return XError(status, json.dumps({"errors": [{"code": code, "message": MESSAGES[code]}]}), JSON)


def coded_xml(status: int, code: int) -> XError:
    """Return the XML some OAuth refusals come in."""
    error = f'<error code="{code}">{MESSAGES[code]}</error>'
    body = f'<?xml version="1.0" encoding="UTF-8"?><errors>{error}</errors>'
    return XError(status, body, XML)


def plain(status: int, text: str) -> XError:
    """Return one of the plain sentences of the OAuth endpoints."""
    return XError(status, text, TEXT)


def problem(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> XError:
    """Return a problem of API v2 with exactly this body."""
    return XError(status, json.dumps(body), PROBLEM, headers or {})


def about_blank(status: int, title: str, detail: str) -> XError:
    """Return the general problem of API v2."""
    return problem(status, {"title": title, "type": "about:blank", "status": status, "detail": detail})


def unauthorized() -> XError:
    """Return v2's bare 401, which names no reason (x-responses)."""
    return about_blank(401, "Unauthorized", "Unauthorized")


def forbidden(detail: str) -> XError:
    """Return v2's 403 with a sentence."""
    return about_blank(403, "Forbidden", detail)


def invalid(message: str, parameters: dict[str, list[str]] | None = None) -> XError:
    """Return v2's 400 for a parameter X did not like (x-responses)."""
    body = {
        "errors": [{"parameters": parameters or {}, "message": message}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": LEGACY_PROBLEMS + "invalid-request",
    }
    return problem(400, body)


def oauth1_permissions() -> XError:
    """Return the 403 for a token made while its app was weaker (x-responses)."""
    detail = (
        "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint."
    )
    body = {"title": "Forbidden", "status": 403, "detail": detail}
    return problem(403, {**body, "type": LEGACY_PROBLEMS + "oauth1-permissions"})


def client_forbidden() -> XError:
    """Return the 403 for an app without project or plan (x-responses)."""
    detail = (
        "When authenticating requests to the Twitter API v2 endpoints, you must use keys and tokens from a "
        "Twitter developer App that is attached to a Project. "
        "You can create a project via the developer portal."
    )
    body = {
        "client_id": "00000000",
        "detail": detail,
        "registration_url": "https://developer.twitter.com/en/docs/projects/overview",
        "title": "Client Forbidden",
        "required_enrollment": "Appropriate Level of API Access",
        "reason": "client-not-enrolled",
        "type": LEGACY_PROBLEMS + "client-forbidden",
    }
    return problem(403, body)


def out_of_credit(*, newer: bool) -> XError:
    """Return 402 in the wording of February 2026 (x-responses) or the newer one (facts, section 6)."""
    body: dict[str, Any] = {
        "account_id": 1,
        "detail": "Your enrolled account [1] does not have any credits to fulfill this request.",
    }
    if newer:
        return problem(402, {**body, "title": "Payment Required", "type": NEW_PROBLEMS + "credits-depleted"})
    return problem(402, {**body, "title": "CreditsDepleted", "type": LEGACY_PROBLEMS + "credits"})


def too_many_requests(headers: dict[str, str]) -> XError:
    """Return v2's 429 (x-responses) with the headers of the window that is used up."""
    body = {"title": "Too Many Requests", "detail": "Too Many Requests", "type": "about:blank", "status": 429}
    return problem(429, body, headers)


def not_found(resource_type: str, parameter: str, value: str, *, newer: bool) -> dict[str, str]:
    """Return the partial error that goes into the `errors` of a 200 answer."""
    host = NEW_PROBLEMS if newer else LEGACY_PROBLEMS
    return {
        "value": value,
        "detail": f"Could not find {resource_type} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": resource_type,
        "parameter": parameter,
        "resource_id": value,
        "type": host + "resource-not-found",
    }


def not_authorized(resource_type: str, parameter: str, value: str, *, newer: bool) -> dict[str, str]:
    """Return the partial error for something protected."""
    host = NEW_PROBLEMS if newer else LEGACY_PROBLEMS
    return {
        "value": value,
        "detail": f"Sorry, you are not authorized to see the {resource_type} with {parameter}: [{value}].",
        "title": "Authorization Error",
        "resource_type": resource_type,
        "parameter": parameter,
        "resource_id": value,
        "section": "data",
        "type": host + "not-authorized-for-resource",
    }
