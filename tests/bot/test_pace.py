"""A chat gets its burst, then one message at a time; other chats do not wait for it."""

from bot.pace import Pace, Rate

FAST = Rate(burst=1000, every_s=0.001)


def a_pace() -> Pace:
    return Pace(private=Rate(3, 1.0), group=Rate(2, 3.0), overall=FAST)


def test_a_burst_goes_at_once_and_the_next_waits_its_turn():
    pace = a_pace()

    waits = [pace.reserve(101, 0.0) for _ in range(5)]

    assert waits == [0, 0, 0, 1, 2]


def test_silence_earns_the_burst_back():
    pace = a_pace()
    for _ in range(5):
        pace.reserve(101, 0.0)

    assert pace.reserve(101, 100.0) == 0


def test_chats_do_not_wait_for_each_other_and_groups_are_slower():
    pace = a_pace()
    for _ in range(5):
        pace.reserve(101, 0.0)

    assert pace.reserve(102, 0.0) == 0
    assert [pace.reserve(-100, 0.0) for _ in range(3)] == [0, 0, 3]


def test_a_parked_chat_waits_as_long_as_telegram_said():
    pace = a_pace()
    pace.park(101, 30, 0.0)

    assert pace.reserve(101, 0.0) == 30
    assert pace.reserve(102, 0.0) == 0


def test_all_chats_together_keep_below_the_ceiling_of_the_bot():
    pace = Pace(private=FAST, group=FAST, overall=Rate(2, 1.0))

    assert [pace.reserve(chat, 0.0) for chat in (1, 2, 3)] == [0, 0, 1]


def test_who_does_not_wait_takes_no_place():
    pace = Pace()
    pace.park(101, 60, 0.0)

    waits = [pace.reserve(101, 0.0, patience_s=5) for _ in range(10)]

    assert waits == [waits[0]] * 10
    assert waits[0] >= 60
