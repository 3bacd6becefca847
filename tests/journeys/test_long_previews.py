"""A tweet nearly as long as a message of Telegram is shown with its length, price and buttons all the same."""


async def test_a_long_tweet_of_a_premium_account_keeps_its_price_and_length_when_its_preview_changes(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account(premium=True)
    await ada.connect(account)
    words = " ".join(f"word{number}" for number in range(450))

    sent = await ada.say(f"/tweet {words} see example.com")
    first = ada.text
    ada.raw.post("/edit", message_id=sent, text=f"/tweet {words} and see example.com")
    await rig.deliver()

    assert len([text for text in ada.texts if "word449" in text]) == 1
    for shown in (first, ada.text):
        assert "word0 " in shown
        assert "word449" in shown
        assert "$0.20" in shown
    assert "Post" in ada.buttons
