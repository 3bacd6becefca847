"""Starts the sandbox X as its own process: `python -m sandbox.x --port 8101`. Listens on loopback only."""

import argparse
import os
import sys

import uvicorn

from sandbox.x import beginning
from sandbox.x.app import build
from sandbox.x.world import World, new_world

HOST = "127.0.0.1"


def main() -> None:
    """Read the command line, say where things are, and serve until stopped."""
    parser = argparse.ArgumentParser(prog="sandbox.x", description="A local X with made-up accounts.")
    parser.add_argument("--port", type=int, default=8101)
    parser.add_argument("--telegram-origin", default="http://127.0.0.1:8100")
    parser.add_argument("--with-posts", action="store_true", help="begin with some posts and follows")
    options = parser.parse_args()
    world = new_world(os.environ.get("SANDBOX_CONTROL_TOKEN"), options.telegram_origin)
    if options.with_posts:
        beginning.fill(world)
    _announce(world, options.port)
    uvicorn.run(
        build(world),
        host=HOST,
        port=options.port,
        http="h11",
        log_level="warning",
        access_log=False,
        date_header=False,
        server_header=False,
        lifespan="off",
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )


def _announce(world: World, port: int) -> None:
    lines = [
        f"Sandbox X (made-up accounts): http://{HOST}:{port}/  faults and keys: http://{HOST}:{port}/sandbox"
    ]
    lines += [
        f"  app {app.name}: key {app.consumer_key} secret {app.consumer_secret}"
        for app in world.register.apps.values()
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
