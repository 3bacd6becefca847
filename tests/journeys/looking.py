"""People who read X from the phone: an account, others who post, and waiting for what is found; tests use it."""

from tests.journeys.planned import in_berlin


async def ada_with(rig):
    """Give a person in Berlin who has connected an account."""
    return await in_berlin(rig)


def post(rig, username, text, **more):
    """Let an account post, as if from the X app; gives the post's id."""
    answer = rig.x.session(username).tweet(text, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]["id"]


async def look_at(rig, phone, words):
    """Give a command and wait for what X answered."""
    await phone.say(words)
    await rig.posted()
