"""What X bills for reading is counted in its answers, on whichever thread they come."""

import asyncio
import json

import pytest

from twitter import answers
from twitter.client import in_thread
from twitter.meter import Meter, count, metered


def answer(body, status=200):
    return answers.read(status, {}, json.dumps(body).encode())


def counted(path, body, *, method="GET", status=200):
    with metered() as meter:
        count(method, path, answer(body, status))
    return meter


TWO = {"data": [{"id": "1"}, {"id": "2"}]}


@pytest.mark.parametrize(
    ("path", "body", "came"),
    [
        ("/2/users/1/tweets", TWO, Meter(posts=2)),
        ("/2/users/1/mentions", TWO | {"includes": {"users": [{"id": "3"}]}}, Meter(posts=2, people=1)),
        ("/2/users/1/timelines/reverse_chronological", TWO, Meter(posts=2)),
        ("/2/tweets/search/recent", {"meta": {"result_count": 0}}, Meter()),
        ("/2/tweets/1", {"data": {"id": "1"}, "includes": {"tweets": [{"id": "2"}]}}, Meter(posts=2)),
        ("/2/users/me", {"data": {"id": "1"}}, Meter(people=1)),
        ("/2/users/by/username/ada", {"data": {"id": "1"}}, Meter(people=1)),
        ("/2/users/1/followers", TWO, Meter(people=2)),
        ("/2/dm_events", TWO | {"includes": {"users": [{"id": "3"}]}}, Meter(messages=2, people=1)),
        ("/2/dm_conversations/with/1/dm_events", TWO, Meter(messages=2)),
        ("/2/media/upload", {"data": {"id": "1"}}, Meter()),
    ],
)
def test_posts_people_and_messages_are_counted_and_what_comes_with_them(path, body, came):
    assert counted(path, body) == came


@pytest.mark.parametrize("odd", [[], "text", {"includes": []}, {"data": None}, {"includes": {"users": None}}])
def test_odd_answers_count_nothing(odd):
    assert counted("/2/users/me", odd) == Meter()


def test_writes_and_refusals_count_nothing():
    assert counted("/2/tweets", {"data": {"id": "1"}}, method="POST") == Meter()
    assert counted("/2/tweets/1", {"data": {"id": "1"}}, status=404) == Meter()


def test_nothing_is_counted_where_nobody_counts():
    count("GET", "/2/users/me", answer({"data": {"id": "1"}}))


async def test_each_reader_counts_what_came_to_it_alone():
    async def read(times):
        with metered() as meter:
            for _ in range(times):
                await in_thread(count, "GET", "/2/users/me", answer({"data": {"id": "1"}}))
        return meter.people

    assert await asyncio.gather(read(1), read(3), read(2)) == [1, 3, 2]
