"""Posting in a group: who may ask, how it goes out through what is shared there, and where it is told."""

import pytest
from sqlalchemy import select

from bot.commands import in_groups
from storage import groups
from storage.tables import Connection, Grant, LogEntry, Task, TaskState
from tests import builders
from tests.journeys import pictures


class Group:
    """A group of Ada's, who owns the account, with Ben and Cleo, members whom the bot does not know."""

    def __init__(self, rig, chat, ada, ben, cleo):
        self.rig, self.chat, self.ada = rig, chat, ada
        self.owner, self.ben, self.cleo = (each.in_group(chat) for each in (ada, ben, cleo))

    @property
    def db(self):
        return self.rig.app.db

    async def share(self, account=None, **policy):
        """Let the group use an account of Ada's: with everybody asking and nobody approving, if not said else."""
        async with self.db.begin() as session:
            group = await groups.find(session, self.chat)
            found = await session.scalars(select(Connection).order_by(Connection.id))
            connection = next(each for each in found if account in (None, each.username))
        columns = {"asks": "members", "approves": "nobody", "kinds": "post reply media"} | policy
        return await builders.add_grant(self.db, group, connection, **columns)

    async def change(self, grant, **columns):
        async with self.db.begin() as session:
            row = await session.get(Grant, grant.id)
            for name, value in columns.items():
                setattr(row, name, value)

    async def tasks(self):
        async with self.db.begin() as session:
            return list(await session.scalars(select(Task).order_by(Task.id)))

    async def post(self, member):
        await member.press("Post")
        await self.rig.posted()

    def posts(self):
        return [post["text"] for post in self.rig.posts(self.ada.account)]


async def group_of(rig, *, premium=False, **kind):
    ada, ben, cleo = await rig.phone("Ada"), await rig.phone("Ben"), await rig.phone("Cleo")
    ada.account = rig.new_account(premium=premium)
    await ada.connect(ada.account)
    members = (ben.person, cleo.person)
    chat = rig.telegram.new_group(rig.bot, owner=ada.person, members=members, **kind)
    await rig.deliver()
    return Group(rig, chat, ada, ben, cleo)


@pytest.fixture
async def group(make_rig):
    """Give a group at a bot that lets everybody in."""
    return await group_of(await make_rig())


async def test_a_member_posts_through_what_is_shared_and_the_group_is_told(group):
    await group.share()

    await group.ben.say("/tweet Hello from the group")
    assert f"Tweet as @{group.ada.account}" in group.ben.text
    assert "Asked for by Ben" in group.ben.text
    await group.post(group.ben)

    assert group.posts() == ["Hello from the group"]
    assert "Posted" in group.cleo.text
    assert "Asked for by Ben" in group.cleo.text


async def test_nothing_is_posted_where_nothing_is_shared(group):
    await group.ben.say("/tweet Hello")

    assert "private chat" in group.ben.text
    assert await group.tasks() == []


@pytest.mark.parametrize(("asks", "may"), [("members", True), ("listed", False), ("admins", False)])
async def test_who_may_ask_says_the_policy(group, asks, may):
    await group.share(asks=asks)

    await group.ben.say("/tweet Hello")

    assert ("Tweet as" in group.ben.text) is may
    assert may or "does not let you" in group.ben.text


async def test_who_left_or_was_banned_a_moment_ago_posts_nothing(group):
    await group.share()
    await group.ben.say("/tweet Hello")
    card = group.ben.with_button("Post")
    group.rig.telegram.set_member(group.chat, group.ben.person, "kicked")
    await group.rig.deliver()

    refused = await group.ben.press("Post", message=card)
    await group.rig.posted()

    assert "not in this group" in refused
    assert group.posts() == []


async def test_who_was_an_admin_a_second_ago_posts_nothing(group):
    await group.share(asks="admins")
    group.rig.telegram.set_member(group.chat, group.ben.person, "administrator")
    await group.rig.deliver()
    await group.ben.say("/tweet Hello")
    card = group.ben.with_button("Post")
    group.rig.telegram.set_member(group.chat, group.ben.person, "member")
    await group.rig.deliver()

    refused = await group.ben.press("Post", message=card)
    await group.rig.posted()

    assert "does not let you" in refused
    assert group.posts() == []


async def test_without_an_answer_of_telegram_nothing_is_done(group):
    await group.share()
    match = {"method": "getChatMember"}
    group.rig.telegram.fault("user_not_found", group.rig.bot, match=match)

    await group.ben.say("/tweet Hello")

    assert "does not tell me" in group.ben.text
    assert await group.tasks() == []


@pytest.mark.parametrize("label", ["Post", "Edit text", "Later", "Options"])
async def test_a_button_of_a_draft_is_its_authors(group, label):
    await group.share()
    await group.ben.say("/tweet Hello")
    (before,) = await group.tasks()

    refused = await group.cleo.press(label)
    await group.owner.press(label)
    await group.rig.posted()

    (after,) = await group.tasks()
    assert "Only who asked" in refused
    assert (after.state, after.version, after.asked) == (before.state, before.version, before.asked)
    assert group.posts() == []


async def test_an_admin_may_cancel_somebody_elses_draft_and_a_member_may_not(group):
    await group.share()
    await group.ben.say("/tweet Hello")

    await group.cleo.press("Cancel")
    (kept,) = await group.tasks()
    await group.owner.press("Cancel")

    (task,) = await group.tasks()
    assert (kept.state, task.state) == (TaskState.DRAFT, TaskState.CANCELLED)
    assert "set aside" in group.ben.text.lower()


async def test_a_made_up_press_in_the_group_shows_nothing_of_a_private_chat(group):
    await group.share()
    await group.ada.say("/tweet My private thought")
    data = next(b["data"] for row in group.ada.last["inline_keyboard"] for b in row if b["text"] == "Post")
    await group.owner.say("/help")
    shown = group.owner.last

    for pressed in (data, data.replace("post:", "show:"), data.replace("post:", "q_open:")):
        await group.owner.press_data(pressed, shown)
    await group.rig.posted()

    assert all("private thought" not in text for text in group.owner.texts)
    assert group.posts() == []


async def test_a_made_up_press_in_private_moves_no_task_of_the_group(group):
    await group.share()
    await group.ben.say("/tweet Hello")
    data = next(b["data"] for row in group.ben.last["inline_keyboard"] for b in row if b["text"] == "Post")
    ben = group.ben.in_group(group.rig.bot.id)

    await ben.press_data(data, ben.last)
    await group.rig.posted()

    assert group.posts() == []


VERBS = sorted(in_groups.BUTTONS)


@pytest.mark.parametrize("verbs", [VERBS[at : at + 10] for at in range(0, len(VERBS), 10)])
async def test_no_button_lets_a_member_touch_what_another_asked_for(group, verbs):
    await group.share(kinds="post reply media schedule delete repost read message", links=True)
    await group.ben.say("/tweet Ben's")
    (before,) = await group.tasks()

    for verb in verbs:
        # To look at it is everybody's right, and shows it anew.
        card = group.ben.with_button("Post")
        await group.cleo.press_data(f"{verb}:{before.id}:{before.version}", card)
    await group.rig.posted()

    (after,) = await group.tasks()
    columns = ("state", "version", "text", "asked", "connection_id", "parameters", "promised", "person_id")
    assert [getattr(after, each) for each in columns] == [getattr(before, each) for each in columns]
    assert group.posts() == []


# words


async def test_tweet_alone_asks_its_author_and_takes_their_reply_only(group):
    await group.share()
    await group.ben.say("/tweet")
    asked = group.ben.last
    await group.ben.say("This is mere talk")
    await group.cleo.say("This is Cleo's", reply_to=asked["message_id"])
    (empty,) = await group.tasks()
    await group.ben.say("This is the tweet", reply_to=asked["message_id"])
    await group.post(group.ben)

    assert empty.text is None
    assert group.posts() == ["This is the tweet"]


async def test_edit_asks_in_the_group_and_a_reply_answers(group):
    await group.share()
    await group.ben.say("/tweet Helo")
    await group.ben.press("Edit text")

    await group.ben.say("Hello", reply_to=group.ben.last["message_id"])
    await group.post(group.ben)

    assert group.posts() == ["Hello"]


async def test_tweet_in_reply_to_a_members_message_takes_its_words(group):
    await group.share()
    said = await group.cleo.say("Cleo's good words")

    await group.ben.say("/tweet", reply_to=said)
    await group.post(group.ben)

    assert group.posts() == ["Cleo's good words"]


async def test_a_draft_follows_the_edit_of_its_message_and_of_no_other(group):
    await group.share()
    said = await group.ben.say("/tweet Helo")
    talk = await group.ben.say("Just talk")

    for number, words in ((talk, "/tweet Something else"), (said, "/tweet Hello")):
        group.ben.raw.post("/edit", message_id=number, text=words)
        await group.rig.deliver()
    await group.post(group.ben)

    assert group.posts() == ["Hello"]
    assert len(await group.tasks()) == 1


async def test_what_was_asked_in_private_is_not_answered_in_the_group(group):
    await group.share(kinds="post read", unapproved="read")
    await group.ada.say("/search")

    await group.owner.say("/help")
    await group.owner.say("secret words", reply_to=group.owner.last["message_id"])

    assert await group.tasks() == []


# what the policy says


async def test_a_link_is_not_posted_where_links_are_not_allowed(group):
    grant = await group.share()

    await group.ben.say("/tweet Read https://example.com/a")
    assert "Links are not allowed" in group.ben.text
    assert "Post" not in group.ben.buttons
    card = group.ben.with_button("Edit text")
    (task,) = await group.tasks()
    refused = await group.ben.press_data(f"post:{task.id}:{task.version}", card)
    await group.change(grant, links=True)
    await group.ben.press_data(f"post:{task.id}:{task.version}", card)
    await group.rig.posted()

    assert "cannot go out" in refused
    assert len(group.posts()) == 1


async def test_pictures_and_plans_need_to_be_allowed(group):
    await group.share(kinds="post")

    await group.ben.say("/schedule tomorrow at 9:00 Hello")

    assert "does not let you" in group.ben.text
    assert await group.tasks() == []


async def test_the_days_quota_is_for_each_person(group):
    await group.share(quota_day=1, zone="Europe/Berlin")

    await group.ben.say("/tweet The first")
    assert "1 of 1 left" in group.ben.text
    await group.post(group.ben)
    await group.ben.say("/tweet The second")
    assert "used up today" in group.ben.text
    assert "Post" not in group.ben.buttons
    await group.cleo.say("/tweet Cleo's first")
    await group.post(group.cleo)
    group.rig.clock.advance(days=1)
    await group.ben.say("/tweet The third")
    await group.post(group.ben)

    assert sorted(group.posts()) == ["Cleo's first", "The first", "The third"]


async def test_a_draft_of_before_does_not_pass_the_quota(group):
    await group.share(quota_day=1)
    await group.ben.say("/tweet One")
    first = group.ben.with_button("Post")
    await group.ben.press("Post", message=first)
    await group.ben.say("/tweet Two")
    (_, task) = await group.tasks()

    refused = await group.ben.press_data(f"post:{task.id}:{task.version}", group.ben.with_button("Edit text"))
    await group.rig.posted()

    assert "used up" in refused
    assert group.posts() == ["One"]


@pytest.mark.parametrize("column", ["cap_cents_100", "person_cap_cents_100"])
async def test_a_months_sum_is_not_passed(group, column):
    await group.share(**{column: 200})

    await group.ben.say("/tweet The first")
    await group.post(group.ben)
    await group.ben.say("/tweet The second")

    assert "a month" in group.ben.text
    assert "Post" not in group.ben.buttons
    assert group.posts() == ["The first"]


async def test_the_group_is_not_told_who_asked_where_the_owner_wants_it_so(group):
    await group.share(names_author=False)

    await group.ben.say("/tweet Nobody's")
    await group.post(group.ben)

    assert all("Ben" not in text for text in group.cleo.texts)


async def test_the_card_says_who_approves_and_when_nothing_goes_out(group):
    await group.share(approves="admins", quiet="22:00-07:00", zone="Europe/Berlin")

    await group.ben.say("/tweet Hello")

    assert "An admin has to approve" in group.ben.text
    assert "between 22:00 and 07:00" in group.ben.text


async def test_what_needs_votes_waits_for_them(group):
    await group.share(approves="admins")

    await group.ben.say("/tweet Hello")
    await group.post(group.ben)

    (task,) = await group.tasks()
    assert task.state == TaskState.WAITING
    assert group.posts() == []


async def test_the_log_knows_who_asked(group):
    await group.share()
    await group.ben.say("/tweet Hello")
    await group.post(group.ben)

    async with group.db.begin() as session:
        entries = list(await session.scalars(select(LogEntry).order_by(LogEntry.seq)))

    assert [(entry.act, entry.actor_id) for entry in entries][:1] == [("asked", group.ben.person)]


# several accounts


async def test_of_several_accounts_it_is_asked_which_and_remembered(group):
    await group.share()
    second = group.rig.new_account()
    await group.ada.connect(second)
    await group.share(second)

    await group.ben.say("/tweet As the second")
    await group.ben.press(next(label for label in group.ben.buttons if second in label))
    await group.post(group.ben)
    await group.ben.say("/tweet Again")
    await group.post(group.ben)
    await group.cleo.say("/tweet Cleo is asked too")

    assert [post["text"] for post in group.rig.posts(second)][::-1] == ["As the second", "Again"]
    assert "Tweet as" not in group.cleo.text


async def test_what_its_owner_calls_an_account_is_shown_to_no_group(group):
    await group.share()
    second = group.rig.new_account()
    await group.ada.connect(second)
    grant = await group.share(second)
    async with group.db.begin() as session:
        (await session.get(Connection, grant.connection_id)).name = "The one I hate"

    await group.ben.say("/tweet As which?")

    assert any(second in label for label in group.ben.buttons)
    assert not any("hate" in label for label in group.ben.buttons)


async def test_an_account_one_may_not_use_is_not_taken_by_a_made_up_press(group):
    await group.share()
    second = group.rig.new_account()
    await group.ada.connect(second)
    other = await group.share(second, asks="admins")
    await group.ben.say("/tweet Hello")
    (task,) = await group.tasks()
    data = f"as:{task.id}:{task.version}:{other.connection_id}"

    await group.ben.press_data(data, group.ben.last)
    await group.post(group.ben)

    assert group.rig.posts(second) == []
    assert group.posts() == ["Hello"]


# two groups, topics


async def test_what_is_shared_with_one_group_is_not_used_in_another(group):
    await group.share()
    other = group.rig.telegram.new_group(group.rig.bot, owner=group.ben.person, members=(group.cleo.person,))
    await group.rig.deliver()
    ben = group.ben.in_group(other)

    await ben.say("/tweet Hello")
    await group.ben.say("/tweet Hello")
    data = next(b["data"] for row in group.ben.last["inline_keyboard"] for b in row if b["text"] == "Post")
    await ben.press_data(data, ben.last)
    await group.rig.posted()

    assert group.posts() == []


async def test_a_post_asked_for_in_a_topic_is_told_there(make_rig):
    group = await group_of(await make_rig(), forum=True)
    await group.share()
    topic = group.rig.telegram.topic(group.chat, name="Sports")

    await group.ben.say("/tweet Goal", thread=topic)
    await group.post(group.ben)

    sent = [call for call in group.rig.bot_calls("sendMessage") if call["chat_id"] == group.chat]
    assert {call.get("message_thread_id") for call in sent} == {topic}
    assert group.posts() == ["Goal"]


async def test_a_failure_is_told_in_the_topic_too(make_rig):
    group = await group_of(await make_rig(), forum=True)
    await group.share()
    topic = group.rig.telegram.topic(group.chat, name="Sports")
    await group.ben.say("/tweet Goal", thread=topic)
    card = group.ben.last
    group.rig.x_fault("forbidden_bare", "/2/tweets$", username=group.ada.account, method="POST")
    await group.ben.press("Post", message=card)
    # With its card gone, what became of the post has to be told anew.
    group.owner.raw.post("/delete", message_id=card["message_id"])
    await group.rig.posted()

    sent = [call for call in group.rig.bot_calls("sendMessage") if call["chat_id"] == group.chat]
    assert "Not posted" in sent[-1]["text"]
    assert {call.get("message_thread_id") for call in sent} == {topic}
    assert group.posts() == []


# what is planned


@pytest.fixture
async def planner(group):
    """Give the group, with Ben's clock known to the bot and plans allowed."""
    await group.share(kinds="post schedule")
    await builders.add_person(group.db, group.ben.person, "Ben", zone="UTC")
    return group


async def test_what_is_planned_in_the_group_goes_out_there(planner):
    await planner.ben.say("/schedule in 2 hours Hello later")
    await planner.ben.press("Schedule")
    await planner.cleo.say("/queue")
    assert "Hello later" in planner.cleo.text
    planner.rig.clock.advance(hours=2)
    await planner.rig.chores()
    await planner.rig.posted()

    assert planner.posts() == ["Hello later"]
    assert any("Posted" in text for text in planner.cleo.texts)


async def test_what_is_planned_is_a_draft_again_when_it_is_edited(planner):
    await planner.ben.say("/schedule in 2 hours Hello later")
    await planner.ben.press("Schedule")

    await planner.ben.press("Edit text")

    (task,) = await planner.tasks()
    assert (task.state, task.promised) == (TaskState.DRAFT, True)
    assert "Schedule" in planner.ben.buttons


async def test_the_queue_has_what_waits_for_votes_until_its_moment(group):
    await group.share(kinds="post schedule", approves="admins")
    await builders.add_person(group.db, group.ben.person, "Ben", zone="UTC")
    await group.ben.say("/schedule in 2 hours Hello later")
    await group.ben.press("Schedule")

    await group.cleo.say("/queue")

    assert "Hello later" in group.cleo.text
    assert "One entry is planned" in group.cleo.text


async def test_an_admin_may_delete_what_a_member_has_planned(planner):
    await planner.ben.say("/schedule in 2 hours Hello later")
    await planner.ben.press("Schedule")

    await planner.cleo.press("Delete")
    await planner.owner.press("Delete")
    await planner.owner.press("Yes, delete this one")

    (task,) = await planner.tasks()
    assert task.state == TaskState.CANCELLED


async def test_nothing_is_posted_again_and_again_in_a_group(planner):
    await planner.ben.say("/schedule every day at 9:00 Good morning")

    assert "not again and again" in planner.ben.text
    assert "Schedule" not in planner.ben.buttons


async def test_what_is_missed_is_told_in_the_group_and_in_no_private_list(planner):
    await planner.owner.say("/schedule in 2 hours Hello later")
    await planner.owner.press("UTC") if "UTC" in planner.owner.buttons else None
    await builders.add_person(planner.db, planner.ada.person, "Ada", zone="UTC")
    await planner.ben.say("/schedule in 2 hours Hello later")
    await planner.ben.press("Schedule")
    planner.rig.clock.advance(hours=5)
    await planner.rig.chores()
    await planner.rig.posted()

    assert planner.posts() == []
    assert "Hello later" in planner.cleo.text
    ben = planner.ben.in_group(planner.rig.bot.id)
    assert all("Hello later" not in text for text in ben.texts)


# lists


async def test_drafts_and_the_queue_show_what_is_of_this_chat(planner):
    await planner.ada.say("/tweet Of my private chat")
    await planner.ada.press("Cancel")
    await planner.owner.say("/tweet Of the group")
    await planner.owner.press("Cancel")

    await planner.owner.say("/drafts")
    assert "Of the group" in planner.owner.text
    assert "private" not in planner.owner.text
    await planner.ada.say("/drafts")

    assert "Of the group" not in planner.ada.text


# other kinds


async def test_deeds_and_looks_need_to_be_allowed(group):
    grant = await group.share()

    await group.ben.say("/get 1")
    assert "does not let you" in group.ben.text
    await group.change(grant, kinds="post read")
    await group.ben.say("/timeline")
    await group.rig.posted()

    assert "does not let you" not in group.ben.text
    assert [task.kind for task in await group.tasks()] == ["timeline"]


async def test_what_would_need_approval_and_is_no_post_is_refused(group):
    await group.share(kinds="read", approves="admins")

    await group.ben.say("/timeline")

    assert "have to approve" in group.ben.text
    assert await group.tasks() == []


@pytest.mark.parametrize(("who", "may"), [("cleo", False), ("ben", True), ("owner", True)])
async def test_who_deletes_a_post_is_its_author_or_an_admin(group, who, may):
    await group.share(kinds="post delete")
    await group.ben.say("/tweet To be deleted")
    await group.post(group.ben)
    member = getattr(group, who)

    (posted,) = group.rig.posts(group.ada.account)
    await member.say(f"/delete {posted['id']}")
    await member.press("Yes, delete it")
    await group.rig.posted()

    assert (group.posts() == []) is may


async def test_what_was_posted_in_the_group_is_no_members_to_delete_in_private(group):
    await group.share(kinds="post delete")
    await group.ben.say("/tweet To be kept")
    await group.post(group.ben)
    (posted,) = group.rig.posts(group.ada.account)

    ben = group.ben.in_group(group.rig.bot.id)
    await ben.say(f"/delete {posted['id']}")
    await group.rig.posted()

    assert group.posts() == ["To be kept"]


async def test_a_question_after_a_press_opens_the_keyboard_of_who_pressed(group):
    await group.share()
    await group.ben.say("/tweet Helo")

    await group.ben.press("Edit text")

    assert group.ben.raw.page()["reply_keyboard"]["force_reply"]
    assert group.cleo.raw.page()["reply_keyboard"] is None


@pytest.mark.parametrize("label", ["Edit text", "Post"])
async def test_a_flood_of_presses_by_others_leaves_the_author_to_it(group, label):
    await group.share()
    await group.ben.say("/tweet Hello")
    for _ in range(5):
        await group.cleo.press(label)

    await group.post(group.ben)

    assert group.posts() == ["Hello"]


async def test_commands_of_channels_other_bots_and_forwards_make_no_draft(group):
    await group.share()
    channel = group.rig.telegram.new_channel(group.ben.person)
    said = f"/tweet@{group.rig.bot.username} Hello"
    written = group.ben.send("/help")

    group.ben.send(said, as_channel=channel)
    group.rig.telegram.post_in_channel(channel, group.chat, said)
    number = group.cleo.send(said)
    group.rig.waiting()
    group.ben.raw.post("/forward", from_chat=group.chat, message_id=number)
    await group.rig.deliver()

    assert written
    assert await group.tasks() == []


async def test_an_anonymous_admin_tweets_as_themselves(group):
    await group.share(asks="admins")
    group.rig.telegram.set_member(group.chat, group.ben.person, "administrator", anonymous=True)
    await group.rig.deliver()

    await group.ben.say("/tweet Hello")
    await group.ben.press("Continue")
    await group.post(group.ben)

    assert group.posts() == ["Hello"]
    assert {task.person_id for task in await group.tasks()} == {group.ben.person}


async def test_a_photo_with_its_caption_is_posted_and_one_beside_the_point_is_not(group, tmp_path):
    await group.share()
    await group.cleo.send_photos(*pictures.photos(tmp_path, 1), caption="Mere talk")
    await group.ben.send_photos(*pictures.photos(tmp_path, 1), caption="/tweet With a picture")

    await group.post(group.ben)

    (posted,) = group.rig.posts(group.ada.account)
    assert (posted["text"], len(posted["media"])) == ("With a picture", 1)
    assert len(await group.tasks()) == 1


async def test_pictures_are_refused_where_only_words_are_allowed(group, tmp_path):
    await group.share(kinds="post")

    await group.ben.send_photos(*pictures.photos(tmp_path, 1), caption="/tweet With a picture")

    assert "Pictures and videos are not allowed" in group.ben.text
    assert "Post" not in group.ben.buttons


async def test_a_thread_is_written_by_replies(group):
    await group.share()
    await group.ben.say("/thread")
    await group.ben.say("The first part", reply_to=group.ben.last["message_id"])
    await group.cleo.say("Cleo's part", reply_to=group.ben.last["message_id"])
    await group.ben.say("The second part", reply_to=group.ben.with_button("Post")["message_id"])

    await group.post(group.ben)

    assert group.posts()[::-1] == ["The first part", "The second part"]


async def test_an_answer_to_a_post_of_the_group_goes_by_the_right_to_reply(group):
    grant = await group.share(kinds="post")
    await group.ben.say("/tweet A post")
    await group.post(group.ben)
    (posted,) = group.rig.posts(group.ada.account)

    await group.cleo.say(f"/reply {posted['id']} An answer")
    assert "does not let you" in group.cleo.text
    await group.change(grant, kinds="post reply")
    await group.cleo.say(f"/reply {posted['id']} An answer")
    await group.post(group.cleo)

    assert "An answer" in group.posts()


async def test_a_supergroup_takes_the_draft_along(make_rig):
    group = await group_of(await make_rig(), basic=True)
    await group.share()
    await group.ben.say("/tweet Hello")

    new = group.rig.telegram.migrate(group.chat)
    await group.rig.deliver()
    ben = group.ben.in_group(new)
    await ben.say("/tweet Hello again")
    await ben.press("Post")
    await group.rig.posted()

    assert group.posts() == ["Hello again"]


async def test_nothing_frozen_goes_out_until_it_is_thawed(group):
    grant = await group.share()
    await group.ben.say("/tweet Hello")
    await group.change(grant, frozen_at=group.rig.clock.now, frozen_by=group.ada.person)

    await group.post(group.ben)

    assert "frozen" in group.ben.text
    assert group.posts() == []


async def test_a_refusal_stands_in_the_log(group):
    await group.share()
    await group.ben.say("/tweet Hello")

    await group.cleo.press("Post")
    await group.cleo.say("/timeline")
    await group.cleo.press("Post")

    async with group.db.begin() as session:
        entries = list(await session.scalars(select(LogEntry).order_by(LogEntry.seq)))
    assert [(entry.act, entry.actor_id) for entry in entries] == [("refused", group.cleo.person)] * 2


async def test_cancel_in_the_group_ends_what_is_of_the_group_only(group):
    await group.share()
    await group.ada.open_link()
    await group.owner.say("/tweet Hello")

    await group.owner.say("/cancel")
    await group.ada.say(group.rig.pin(group.ada.url("Open X and get the PIN"), group.rig.new_account()))

    (task,) = await group.tasks()
    assert task.state == TaskState.CANCELLED
    assert "Yes, this is mine" in group.ada.buttons


async def test_the_group_does_not_learn_what_other_accounts_a_member_has(group):
    await group.share()
    second = group.rig.new_account()
    await group.ada.connect(second)
    async with group.db.begin() as session:
        found = list(await session.scalars(select(Connection).order_by(Connection.id)))
    await builders.add_task(
        group.db,
        person_id=group.ada.person,
        connection_id=found[-1].id,
        text="The same",
        state="scheduled",
        promised=True,
        source_message_id=-7,
    )

    await group.owner.say("/tweet The same")
    await group.owner.press("Post")
    await group.rig.posted()

    assert all(second not in text for text in group.cleo.texts)
    assert group.posts() == []


async def test_a_deletion_is_approved_like_a_post(group):
    await group.share(kinds="post delete", approves="admins")
    await group.ben.say("/tweet To be deleted")
    await group.post(group.ben)
    await group.owner.press("Approve")
    await group.rig.posted()
    assert group.posts() == ["To be deleted"]

    (posted,) = group.rig.posts(group.ada.account)
    await group.ben.say(f"/delete {posted['id']}")
    await group.ben.press("Yes, delete it")
    await group.rig.posted()
    assert group.posts() == ["To be deleted"]
    await group.owner.press("Approve")
    await group.rig.posted()

    assert group.posts() == []


async def test_who_looks_at_anothers_post_does_not_delete_it_by_that(group):
    await group.share(kinds="post read delete")
    await group.ben.say("/tweet Ben's own")
    await group.post(group.ben)
    (posted,) = group.rig.posts(group.ada.account)

    await group.cleo.say(f"/get {posted['id']}")
    await group.rig.posted()
    (_, look) = await group.tasks()
    await group.cleo.press_data(f"d_remove2:{look.id}:{look.version}", group.cleo.last)
    await group.rig.posted()

    assert group.posts() == ["Ben's own"]


async def test_the_way_from_a_command_to_x_is_the_same_on_each_database(rig_on_each):
    group = await group_of(rig_on_each)
    await group.share(kinds="post delete", quota_day=2, cap_cents_100=100_000)
    await group.ben.say("/tweet Hello")
    await group.post(group.ben)
    (posted,) = group.rig.posts(group.ada.account)

    await group.ben.say("/queue")
    await group.owner.say(f"/delete {posted['id']}")
    await group.owner.press("Yes, delete it")
    await group.rig.posted()
    await group.ben.say("/tweet Again")

    assert group.posts() == []
    assert "1 of 2 left" in group.ben.text
