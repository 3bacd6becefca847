"""What a made-up X can hold from the start, so that there is something to read: posts, mentions, follows."""

from sandbox.x.drafts import Draft, publish
from sandbox.x.world import World

#: Who posts what, the oldest first.
_POSTS = (
    ("newsroom_demo", "The tide tables for December are out: https://example.com/tides"),
    ("rtl_demo", "صباح الخير من المكتبة"),
    ("newsroom_demo", "@alice_writes We loved your piece about the harbour. May we quote two lines of it?"),
    ("rtl_demo", "@alice_writes ما الكتاب الذي تقرئينه الآن؟"),
    ("newsroom_demo", "Reading at the library on Friday at 19:00. @alice_writes, will you come?"),
)
_FOLLOWS = (
    ("alice_writes", "newsroom_demo"),
    ("alice_writes", "rtl_demo"),
    ("newsroom_demo", "alice_writes"),
)


def fill(world: World) -> None:
    """Let the made-up accounts have posted and followed."""
    for username, text in _POSTS:
        publish(world, world.register.ensure_account(username), Draft(text))
    for follower, followed in _FOLLOWS:
        ids = [world.register.ensure_account(username).id for username in (follower, followed)]
        world.follows.set(*ids)
