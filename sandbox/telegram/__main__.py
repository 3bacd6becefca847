"""Starts the sandbox Telegram on loopback: `python -m sandbox.telegram --port 8100`.

Settings come from the command line and from SANDBOX_... variables; there is no file.
"""

import argparse
import os
import secrets

import uvicorn

from sandbox.telegram.app import Options, build


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.telegram", description="A made-up Telegram.")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--x-origin", default="http://127.0.0.1:8101", help="where the sandbox X is")
    return parser.parse_args()


def _options(x_origin: str) -> Options:
    return Options(
        token=os.environ.get("SANDBOX_CONTROL_TOKEN") or secrets.token_urlsafe(24),
        x_origin=x_origin.rstrip("/"),
        flood=os.environ.get("SANDBOX_FLOOD", "1") != "0",
        webhook_pause=float(os.environ.get("SANDBOX_WEBHOOK_PAUSE", "2")),
    )


def main() -> None:
    """Serve until stopped."""
    given = _arguments()
    app = build(_options(given.x_origin))
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=given.port,
        log_level="warning",
        # paths hold bot tokens
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
