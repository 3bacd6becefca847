"""A day of a newsroom, from sharing to disconnecting, all by hand, with two groups: the log has all of it."""

from storage import groups, log
from tests.journeys.test_group_posting import group_of


async def written(group, chat):
    """List what the log of a group tells; its chain is whole."""
    async with group.db.begin() as session:
        found = await groups.find(session, chat)
        assert await log.check(session, group.rig.app.doors.vault, found.id) is None
        return [entry.act for entry in await log.entries_of(session, found.id)]


async def share_in(group, chat):
    """Share Ada's account with a group, and let every member ask."""
    await group.ada.in_group(chat).say("/share")
    url = group.ada.in_group(chat).url("Open the private chat")
    await group.ada.start(url.partition("start=")[2])
    (choice,) = [label for label in group.ada.buttons if f"@{group.ada.account}" in label]
    await group.ada.press(choice)
    await group.ada.press("Who may ask")
    await group.ada.press("▫️ Every member")


async def test_a_day_in_two_groups_stands_in_their_logs(make_rig):
    group = await group_of(await make_rig())
    members = (group.ben.person,)
    other = group.rig.telegram.new_group(group.rig.bot, owner=group.ada.person, members=members)
    await group.rig.deliver()
    await share_in(group, group.chat)
    await share_in(group, other)
    assert await written(group, other) == ["shared", "policy_changed"]

    # asked for by Ben, approved by Ada, out
    await group.ben.say("/tweet The match is on")
    await group.ben.press("Post")
    await group.owner.press("Approve")
    await group.rig.posted()
    (post,) = group.rig.posts(group.ada.account)
    await group.ben.say(f"/who https://x.com/{group.ada.account}/status/{post['id']}")
    assert "Ben asked" in group.ben.text
    assert "Ada approved" in group.ben.text
    assert "It cost $0.015" in group.ben.text

    # of that, the other group knows nothing
    await group.ben.in_group(other).say(f"/who {post['id']}")
    assert "no such post" in group.ben.in_group(other).text

    # asked for by Cleo, rejected with a reason
    await group.cleo.say("/tweet Something else")
    await group.cleo.press("Post")
    await group.owner.press("Reject")
    await group.owner.say("Not today", reply_to=group.owner.last["message_id"])

    # what X refuses
    await group.cleo.say("/tweet Refused by X")
    await group.cleo.press("Post")
    group.rig.x_fault("duplicate", "/2/tweets$")
    await group.owner.press("Approve")
    await group.rig.posted()

    # what the policy refuses, the stop, and the end
    await group.cleo.say("/dm @somebody Hello")
    await group.owner.say("/policy")
    await group.owner.press("❄️ Freeze")
    await group.ada.say("/connections")
    await group.ada.press(next(label for label in group.ada.buttons if group.ada.account in label))
    await group.ada.press("Disconnect")
    assert group.ada.text.count("by the group") == 2
    await group.ada.press("Yes, disconnect")

    assert await written(group, group.chat) == [
        *("shared", "policy_changed"),
        *("asked", "voted_yes", "approved", "sent"),
        *("asked", "voted_no", "rejected"),
        *("asked", "voted_yes", "approved", "failed"),
        *("refused", "frozen", "unshared"),
    ]
    assert await written(group, other) == ["shared", "policy_changed", "unshared"]
    await group.ben.say("/log")
    assert "Ada took" in group.ben.text
    assert "they may not ask for that" in group.ben.text
