"""Connecting by PIN with the registered app, from /connect to the connection, and everything that can go wrong."""


async def test_connecting_with_the_registered_app(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account(name="Alice Writes")

    await ada.say("/connect")
    await ada.press("Use this bot's app")
    pin = rig.pin(ada.url("Open X and get the PIN"), account)
    sent = await ada.say(f"PIN {pin}")

    assert not ada.sees(sent)
    assert f"Connect as @{account}?" in ada.text
    await ada.press("Yes, this is mine")
    assert f"Alice Writes is connected: @{account}" in ada.text
    assert ada.buttons == ["Tweet something", "Rename", "Connect another"]
