"""What a schedule runs beside tweets, what it must not, and the same text from several accounts."""

import pytest

from storage.tables import TaskState
from tasks.parameters import Extras
from tests.journeys.planned import at, in_berlin, tasks_of


@pytest.fixture
async def ada(rig):
    """Give Ada in Berlin, who has connected an account."""
    return await in_berlin(rig)


@pytest.fixture
def post(rig):
    """Give a post of somebody else's: its id."""
    return rig.x.session(rig.new_account()).tweet("Worth repeating").json()["data"]["id"]


def reposts(rig, account):
    return [one["repost_of"] for one in rig.posts(account) if one["repost_of"]]


async def test_a_repost_is_done_at_its_moment(rig, ada, post):
    await ada.say(f"/schedule in 1 min /retweet https://x.com/a/status/{post}")
    await ada.press("Schedule")
    await rig.posted()
    assert reposts(rig, ada.account) == []

    rig.clock.advance(seconds=60)
    await rig.posted()

    assert reposts(rig, ada.account) == [post]
    assert "Done as" in ada.text


@pytest.mark.parametrize("command", ["delete", "retweet", "unretweet"])
async def test_what_is_done_once_is_not_done_again_and_again(ada, post, command):
    await ada.say(f"/schedule every day 9:00 /{command} {post}")

    assert "is done once" in ada.text
    assert "Schedule" not in ada.buttons


async def test_a_tweet_that_begins_with_a_slash_stays_one_when_its_time_is_typed(rig, ada):
    await ada.say("/tweet /search is broken today, sorry")
    await ada.press("Later")
    await ada.press("Other time")
    await ada.say("tomorrow 9:00")
    await ada.press("Schedule")

    await at(rig, 2026, 11, 24, 8, 0)

    assert [one["text"] for one in rig.posts(ada.account)] == ["/search is broken today, sorry"]


async def test_a_command_whose_time_was_not_read_is_one_when_its_time_is_typed(ada):
    await ada.say("/schedule /mentions")
    await ada.press("Other time")
    await ada.say("every 15 min")

    assert "Mentions of" in ada.text


async def test_a_message_goes_out_on_the_next_morning(rig, ada):
    bob = rig.new_account()
    await ada.say(f"/schedule tomorrow 9:00 /dm @{bob} hi")
    assert "hi" in ada.text
    await ada.press("Schedule")

    await at(rig, 2026, 11, 24, 8, 0)

    assert [one["text"] for one in rig.x.control("GET", f"/messages?username={ada.account}")] == ["hi"]


async def test_a_tweet_is_deleted_at_its_moment(rig, ada):
    mine = rig.x.session(ada.account).tweet("Until tomorrow").json()["data"]["id"]
    await ada.say(f"/schedule tomorrow 9:00 /delete {mine}")
    await ada.press("Schedule")

    await at(rig, 2026, 11, 24, 8, 0)

    assert rig.posts(ada.account) == []
    assert "is deleted" in ada.text


async def posted_by_the_bot(rig, ada, text):
    await ada.say(f"/tweet {text}")
    await ada.press("Post")
    await rig.posted()
    return rig.posts(ada.account)[0]["id"]


async def test_a_planned_deletion_that_is_cancelled_says_so_and_can_be_done_after_all(rig, ada):
    mine = await posted_by_the_bot(rig, ada, "Mine")
    await ada.say(f"/schedule tomorrow 9:00 /delete {mine}")

    await ada.press("Cancel")
    assert "nothing was done" in ada.text
    assert ada.buttons == ["Do it after all"]
    await ada.press("Do it after all")
    await rig.posted()

    assert rig.posts(ada.account) == []
    assert "is deleted" in ada.text


@pytest.mark.parametrize("button", ["Cancel", "Schedule", None])
async def test_a_tweet_is_deleted_now_although_that_is_planned_or_was_cancelled(rig, ada, button):
    mine = await posted_by_the_bot(rig, ada, "Mine")
    await ada.say(f"/schedule tomorrow 9:00 /delete {mine}")
    if button:
        await ada.press(button)

    await ada.say(f"/delete {mine}")
    await ada.press("Yes, delete it")
    await rig.posted()

    assert rig.posts(ada.account) == []
    assert "is deleted" in ada.text


async def test_an_answer_goes_out_at_its_moment(rig, ada):
    asking = rig.x.session(rig.new_account()).tweet(f"@{ada.account} tomorrow?").json()["data"]["id"]
    await ada.say(f"/schedule tomorrow 9:00 /reply {asking} Yes")
    await ada.press("Schedule")

    await at(rig, 2026, 11, 24, 8, 0)

    assert rig.posts(ada.account)[0]["reply_to"] == asking


async def edit(rig, phone, message, text):
    phone.raw.post("/edit", message_id=message, text=text)
    await rig.deliver()


@pytest.mark.parametrize("before", ["reply {post} Well", "quote {post} Well", "retweet {post}", "mentions"])
async def test_an_edit_makes_a_plain_tweet_of_what_was_to_be_planned(rig, ada, post, before):
    said = await ada.say("/schedule tomorrow 9:00 /" + before.format(post=post))

    await edit(rig, ada, said, "/schedule tomorrow 9:00 Good morning all")
    assert "Good morning all" in ada.text
    await ada.press("Schedule")
    await at(rig, 2026, 11, 24, 8, 0)

    (made,) = rig.posts(ada.account)
    assert (made["text"], made["reply_to"], made["repost_of"]) == ("Good morning all", None, None)


@pytest.mark.parametrize("before", ["Good morning", "/reply 20 Well", "/dm @bob Well", "/delete 20"])
async def test_an_edit_makes_a_repost_of_what_was_to_be_planned(rig, ada, post, before):
    said = await ada.say(f"/schedule tomorrow 9:00 {before}")

    await edit(rig, ada, said, f"/schedule tomorrow 9:00 /retweet {post}")
    await ada.press("Schedule")
    await at(rig, 2026, 11, 24, 8, 0)

    assert reposts(rig, ada.account) == [post]


async def test_an_edit_of_a_planned_answer_leaves_what_its_buttons_chose(rig, ada, post):
    said = await ada.say("/schedule tomorrow 9:00 Good morning")
    await ada.press("Options")
    await ada.press("Made with AI")
    await ada.press("Back")

    await edit(rig, ada, said, f"/schedule tomorrow 9:00 /reply {post} Well")

    (draft,) = await tasks_of(rig, TaskState.DRAFT)
    assert Extras.read(draft.parameters) == Extras(reply_to=post, made_with_ai=True)


async def test_an_edit_of_what_is_planned_already_is_answered(rig, ada, post):
    said = await ada.say(f"/schedule tomorrow 9:00 /retweet {post}")
    await ada.press("Schedule")

    await edit(rig, ada, said, "/schedule tomorrow 9:00 /retweet 20")

    assert "editing your message does not change it" in ada.texts[-2]
    assert post in ada.text


async def test_an_edit_of_what_was_planned_and_is_done_is_answered(rig, ada, post):
    said = await ada.say(f"/schedule tomorrow 9:00 /retweet {post}")
    await ada.press("Schedule")
    await at(rig, 2026, 11, 24, 8, 0)

    await edit(rig, ada, said, "/schedule tomorrow 9:00 /retweet 20")

    assert "done already" in ada.text
    assert reposts(rig, ada.account) == [post]


@pytest.mark.parametrize("what", ["like {post}", "unlike {post}", "follow @bob", "unfollow @bob"])
async def test_likes_and_follows_are_never_planned(rig, ada, post, what):
    await ada.say("/schedule tomorrow 9:00 /" + what.format(post=post))

    assert "X forbids" in ada.text
    assert await tasks_of(rig, TaskState.SCHEDULED) == []


@pytest.mark.parametrize("what", ["delete", "delete 0", "retweet", "retweet nonsense", "reply hello"])
async def test_what_is_planned_for_a_tweet_has_to_name_it(rig, ada, what):
    await ada.say(f"/schedule tomorrow 9:00 /{what}")

    assert "Which tweet" in ada.text
    assert await tasks_of(rig, TaskState.SCHEDULED) == []


async def with_two_accounts(rig, ada):
    second = rig.new_account()
    await ada.connect(second)
    return second


async def from_account(ada, account):
    await ada.press("Other account")
    await ada.press(next(label for label in ada.buttons if f"@{account}" in label))


async def test_the_same_text_from_two_accounts_is_refused_with_the_reason(rig, ada):
    second = await with_two_accounts(rig, ada)
    await ada.say("/tweet Buy  our soap")
    await from_account(ada, ada.account)
    await ada.press("Post")
    await rig.posted()

    await ada.say("/tweet buy our SOAP")
    await from_account(ada, second)
    await ada.press("Post")
    await rig.posted()

    assert "several accounts" in ada.text
    assert rig.posts(second) == []
    await ada.press("Edit text", message=ada.last)
    await ada.say("Something else")
    await ada.press("Post")
    await rig.posted()
    assert len(rig.posts(second)) == 1


async def test_a_text_that_is_planned_for_one_account_is_not_planned_for_another(rig, ada):
    second = await with_two_accounts(rig, ada)
    await ada.say("/schedule tomorrow 9:00 Soap")
    await from_account(ada, ada.account)
    await ada.press("Schedule")
    await ada.say("/schedule tomorrow 10:00 Soap")
    await from_account(ada, second)

    await ada.press("Schedule")

    assert "several accounts" in ada.text
    assert len(await tasks_of(rig, TaskState.SCHEDULED)) == 1


async def test_after_a_day_the_text_may_come_again(rig, ada):
    second = await with_two_accounts(rig, ada)
    await ada.say("/tweet Soap")
    await from_account(ada, ada.account)
    await ada.press("Post")
    await rig.posted()

    rig.clock.advance(hours=25)
    await ada.say("/tweet Soap")
    await from_account(ada, second)
    await ada.press("Post")
    await rig.posted()

    assert len(rig.posts(second)) == 1


async def test_a_planned_text_is_not_changed_into_one_of_another_account(rig, ada):
    second = await with_two_accounts(rig, ada)
    await ada.say("/schedule tomorrow 9:00 Soap")
    await from_account(ada, ada.account)
    await ada.press("Schedule")
    await ada.say("/schedule tomorrow 10:00 Something else")
    await from_account(ada, second)
    await ada.press("Schedule")

    await ada.press("Edit text")
    await ada.say("soap")

    assert "several accounts" in ada.text
    texts = [task.text for task in await tasks_of(rig, TaskState.SCHEDULED)]
    assert texts == ["Soap", "Something else"]
    await ada.say("Other soap")
    texts = [task.text for task in await tasks_of(rig, TaskState.SCHEDULED)]
    assert texts == ["Soap", "Other soap"]
