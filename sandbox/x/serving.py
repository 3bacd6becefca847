"""Small things of HTTP that several endpoints share. No endpoint lives here."""

from starlette.requests import Request


def origin(request: Request) -> str:
    """Return scheme, host and port as the client called them."""
    return f"http://{request.headers.get('host', '127.0.0.1')}"
