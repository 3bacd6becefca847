"""Other people's clients against the sandbox X, unchanged but for the host they call."""

import secrets

import pytest
import requests
import tweepy
from xdk import Client
from xdk.direct_messages.models import CreateByParticipantIdRequest
from xdk.media.models import AppendUploadRequest, InitializeUploadRequest
from xdk.oauth1_auth import OAuth1
from xdk.posts.models import CreateRequest
from xdk.users.models import FollowUserRequest, LikePostRequest, RepostPostRequest

from tests.sandbox.test_x_media import picture
from tests.sandbox.x_server import running_x

TWEEPY_HOST = "https://api.twitter.com"


@pytest.fixture(scope="module")
def x_server():
    with running_x() as server:
        yield server


@pytest.fixture
def account(x_server):
    return x_server.new_account()


class SandboxHandler(tweepy.OAuth1UserHandler):
    """Tweepy's PIN walk; its host is wired into this one method."""

    origin = ""

    def _get_oauth_url(self, endpoint):
        return f"{self.origin}/oauth/{endpoint}"


class Elsewhere(requests.Session):
    """Sends what is meant for tweepy's host to the sandbox, before it is signed."""

    def __init__(self, origin):
        super().__init__()
        self._origin = origin

    def request(self, method, url, **options):
        return super().request(method, url.replace(TWEEPY_HOST, self._origin), **options)


@pytest.fixture
def handler(x_server):
    app = x_server.app()
    made = SandboxHandler(app["consumer_key"], app["consumer_secret"], callback="oob")
    made.origin = x_server.origin
    return made


def approve(x_server, url, username):
    return x_server.control("POST", "/approve", json={"authorize_url": url, "username": username})["pin"]


def test_tweepy_walks_the_pin_way(x_server, account, handler):
    url = handler.get_authorization_url()

    token, secret = handler.get_access_token(approve(x_server, url, account["username"]))

    assert url.startswith(x_server.origin + "/oauth/authorize?oauth_token=")
    assert token.startswith(account["id"] + "-")
    assert secret


def test_tweepy_says_that_a_pin_is_wrong(x_server, account, handler):
    approve(x_server, handler.get_authorization_url(), account["username"])

    with pytest.raises(tweepy.TweepyException):
        handler.get_access_token("no PIN")


@pytest.fixture
def tweepy_client(x_server, account, handler):
    token, secret = handler.get_access_token(
        approve(x_server, handler.get_authorization_url(), account["username"])
    )
    client = tweepy.Client(None, handler.consumer_key, handler.consumer_secret, token, secret)
    client.session = Elsewhere(x_server.origin)
    return client


def test_tweepy_posts_reads_and_deletes(account, tweepy_client):
    me = tweepy_client.get_me().data
    made = tweepy_client.create_tweet(text="By tweepy: example.com").data
    read = tweepy_client.get_tweet(made["id"], user_auth=True, tweet_fields=["created_at", "entities"]).data
    timeline = tweepy_client.get_users_tweets(me.id, user_auth=True, max_results=5)
    deleted = tweepy_client.delete_tweet(made["id"]).data
    gone = tweepy_client.get_tweet(made["id"], user_auth=True)

    assert (str(me.id), me.username) == (account["id"], account["username"])
    assert read.text == made["text"]
    assert read.entities["urls"][0]["expanded_url"] == "http://example.com"
    assert [str(post.id) for post in timeline.data] == [made["id"]]
    assert deleted == {"deleted": True}
    assert gone.data is None
    assert gone.errors[0]["title"] == "Not Found Error"


def test_tweepy_understands_the_refusals(x_server, account, tweepy_client):
    tweepy_client.create_tweet(text="Twice")
    with pytest.raises(tweepy.Forbidden, match="duplicate content"):
        tweepy_client.create_tweet(text="Twice")

    x_server.fault("rate_limited", {"username": account["username"]})
    with pytest.raises(tweepy.TooManyRequests):
        tweepy_client.create_tweet(text="Too fast")

    x_server.control("POST", "/revoke", json={"username": account["username"], "app": "registered"})
    with pytest.raises(tweepy.Unauthorized, match="89"):
        tweepy_client.create_tweet(text="Too late")


def test_tweepy_sends_and_reads_messages(x_server, account, tweepy_client):
    other = x_server.new_account()
    found = tweepy_client.get_user(username=other["username"], user_auth=True).data
    sent = tweepy_client.create_direct_message(participant_id=found.id, text="By tweepy: example.com").data
    fields = ["created_at", "sender_id", "dm_conversation_id"]
    read = tweepy_client.get_direct_message_events(
        participant_id=found.id, dm_event_fields=fields, expansions=["sender_id"]
    )
    everything = tweepy_client.get_direct_message_events()

    assert [str(event.id) for event in read.data] == [sent["dm_event_id"]]
    assert str(read.data[0].sender_id) == account["id"]
    assert read.data[0].dm_conversation_id == sent["dm_conversation_id"]
    assert read.includes["users"][0].username == account["username"]
    assert [event.id for event in everything.data] == [event.id for event in read.data]
    truth = x_server.control("GET", f"/messages?username={account['username']}")
    assert [(one["text"], one["to"]) for one in truth] == [("By tweepy: example.com", other["username"])]


def test_tweepy_understands_that_somebody_takes_no_messages(x_server, tweepy_client):
    closed = x_server.new_account(takes_messages=False)

    with pytest.raises(tweepy.Forbidden, match="do not have permission to DM"):
        tweepy_client.create_direct_message(participant_id=closed["id"], text="Hello")


@pytest.fixture
def xdk_client(x_server, account):
    """Give X's own SDK; its OAuth 1.0a walk is wired to api.x.com, so it gets the token of a walk done without it."""
    return _xdk(x_server, account["username"])


def _xdk(x_server, username, app_name="registered"):
    app, grant = x_server.app(app_name), x_server.pin_walk(username, app_name)
    auth = OAuth1(
        app["consumer_key"], app["consumer_secret"], "oob", grant["oauth_token"], grant["oauth_token_secret"]
    )
    return Client(base_url=x_server.origin, auth=auth)


def test_xdk_posts_reads_and_deletes(account, xdk_client):
    me = xdk_client.users.get_me(user_fields=["created_at"]).data
    made = xdk_client.posts.create(body=CreateRequest(text="By xdk & friends")).data
    read = xdk_client.posts.get_by_id(
        made.id, post_fields=["created_at", "public_metrics"], expansions=["author_id"]
    )
    pages = list(xdk_client.users.get_posts(account["id"], max_results=5))
    deleted = xdk_client.posts.delete(made.id)

    assert (me.id, me.username) == (account["id"], account["username"])
    assert read.data.text == "By xdk &amp; friends"
    assert read.includes.users[0].username == account["username"]
    assert [post.id for page in pages for post in page.data] == [made.id]
    assert deleted.data.deleted is True


def test_xdk_sends_and_reads_messages(x_server, account, xdk_client):
    other = x_server.new_account()
    sent = xdk_client.direct_messages.create_by_participant_id(
        other["id"], body=CreateByParticipantIdRequest(text="By xdk & friends")
    )
    pages = xdk_client.direct_messages.get_events_by_participant_id(
        other["id"], dm_event_fields=["created_at", "dm_conversation_id"], expansions=["sender_id"]
    )

    events = [event for page in pages for event in page.data]
    assert [(event.id, event.text) for event in events] == [(sent.data.dm_event_id, "By xdk &amp; friends")]
    assert events[0].dm_conversation_id == sent.data.dm_conversation_id


def test_xdk_uploads_a_picture_and_posts_it(x_server, account, xdk_client):
    content = picture()
    wish = InitializeUploadRequest(
        media_category="tweet_image", media_type="image/png", total_bytes=len(content)
    )
    media = xdk_client.media.initialize_upload(body=wish).data
    xdk_client.media.append_upload(
        media.id, body=AppendUploadRequest(media=_base64(content), segment_index=0)
    )
    xdk_client.media.finalize_upload(media.id)
    text = "Picture " + secrets.token_hex(4)

    xdk_client.posts.create(body=CreateRequest(text=text, media={"media_ids": [media.id]}))

    post = x_server.control("GET", f"/posts?username={account['username']}")[0]
    assert (post["text"], post["media"][0]["bytes"]) == (text, len(content))


def test_xdk_raises_on_a_refusal(x_server, account, xdk_client):
    x_server.fault("out_of_credit", {"username": account["username"]})

    with pytest.raises(requests.HTTPError, match="402"):
        xdk_client.posts.create(body=CreateRequest(text="No money"))


# Posts: reposts, likes, quotes, polls, edits, home, mentions, search.


@pytest.fixture
def enterprise(x_server):
    """Let apps like and quote, until the test ends."""
    x_server.control("POST", "/rules", json={"self_serve": False})
    yield
    x_server.control("POST", "/rules", json={"self_serve": True})


@pytest.fixture
def author(x_server):
    """Give a session of somebody whose posts the clients read."""
    return x_server.session(x_server.new_account()["username"])


def posted(author, text):
    return author.tweet(text).json()["data"]["id"]


def test_tweepy_reposts_and_takes_it_back(account, tweepy_client, author):
    post_id = posted(author, "Worth it")
    made = tweepy_client.retweet(post_id).data
    with pytest.raises(tweepy.Forbidden, match="already retweeted"):
        tweepy_client.retweet(post_id)
    timeline = tweepy_client.get_users_tweets(
        account["id"], user_auth=True, tweet_fields=["referenced_tweets"], expansions=["referenced_tweets.id"]
    )
    undone = [tweepy_client.unretweet(post_id).data for _ in range(2)]
    left = tweepy_client.get_users_tweets(account["id"], user_auth=True, exclude=["retweets"])

    assert made["retweeted"] is True
    reference = timeline.data[0].referenced_tweets[0]
    assert (reference.type, str(reference.id)) == ("retweeted", post_id)
    assert timeline.includes["tweets"][0].text == "Worth it"
    assert undone == [{"retweeted": False}] * 2
    assert left.data is None


def test_tweepy_is_told_that_likes_are_not_sold(tweepy_client, author):
    post_id = posted(author, "Likable")

    for react in (tweepy_client.like, tweepy_client.unlike):
        with pytest.raises(tweepy.Forbidden, match="not permitted to access this feature"):
            react(post_id)


@pytest.mark.usefixtures("enterprise")
def test_tweepy_likes_and_quotes_where_it_may(tweepy_client, author):
    post_id = posted(author, "Likable")
    liked = tweepy_client.like(post_id).data
    quote = tweepy_client.create_tweet(text="Look", quote_tweet_id=post_id).data
    read = tweepy_client.get_tweet(post_id, user_auth=True, tweet_fields=["public_metrics"]).data
    undone = tweepy_client.unlike(post_id).data

    assert (liked, undone) == ({"liked": True}, {"liked": False})
    assert quote["text"].startswith("Look https://t.co/")
    assert (read.public_metrics["like_count"], read.public_metrics["quote_count"]) == (1, 1)


def test_tweepy_is_told_whom_it_may_not_answer_or_quote(tweepy_client, author):
    post_id = posted(author, "To nobody")

    with pytest.raises(tweepy.Forbidden, match="Reply to this conversation is not allowed"):
        tweepy_client.create_tweet(text="Me", in_reply_to_tweet_id=post_id)
    with pytest.raises(tweepy.Forbidden, match="Quoting this post is not allowed"):
        tweepy_client.create_tweet(text="Me", quote_tweet_id=post_id)


def test_tweepy_makes_polls_and_reads_them(tweepy_client):
    made = tweepy_client.create_tweet(
        text="Is it?", poll_options=["Yes", "No"], poll_duration_minutes=30, reply_settings="following"
    ).data
    read = tweepy_client.get_tweet(
        made["id"], user_auth=True, expansions=["attachments.poll_ids"], poll_fields=["end_datetime"]
    )
    with pytest.raises(tweepy.BadRequest, match="minimum value of 5"):
        tweepy_client.create_tweet(text="Too short", poll_options=["Yes", "No"], poll_duration_minutes=4)

    assert [option["label"] for option in read.includes["polls"][0].options] == ["Yes", "No"]


def test_tweepy_reads_home_and_mentions(x_server, account, tweepy_client, author):
    wish = {"username": account["username"], "target": author.username}
    x_server.control("POST", "/follows", json=wish)
    ids = [posted(author, f"@{account['username']} number {number}") for number in range(6)]
    home = tweepy_client.get_home_timeline(max_results=5, exclude=["replies"], expansions=["author_id"])
    rest = tweepy_client.get_home_timeline(max_results=5, pagination_token=home.meta["next_token"])
    mentions = tweepy_client.get_users_mentions(account["id"], user_auth=True, since_id=ids[3])

    assert [str(post.id) for post in home.data + rest.data] == ids[::-1]
    assert home.includes["users"][0].username == author.username
    assert [str(post.id) for post in mentions.data] == ids[:3:-1]


def test_tweepy_searches(tweepy_client, author):
    word = "w" + secrets.token_hex(6)
    ids = [posted(author, f"{word} number {number} #found") for number in range(12)]
    query = f"{word} #found from:{author.username} -is:retweet"
    first = tweepy_client.search_recent_tweets(query, user_auth=True, max_results=10, sort_order="recency")
    rest = tweepy_client.search_recent_tweets(query, user_auth=True, next_token=first.meta["next_token"])
    several = tweepy_client.get_tweets([*ids[:2], "1"], user_auth=True, tweet_fields=["conversation_id"])

    assert [str(post.id) for post in first.data + rest.data] == ids[::-1]
    assert [str(post.conversation_id) for post in several.data] == ids[:2]
    assert several.errors[0]["value"] == "1"
    with pytest.raises(tweepy.BadRequest, match="cannot be used as a standalone operator"):
        tweepy_client.search_recent_tweets("lang:en", user_auth=True)


def test_xdk_reposts_and_takes_it_back(account, xdk_client, author):
    post_id = posted(author, "Worth it, too")
    made = xdk_client.users.repost_post(account["id"], body=RepostPostRequest(tweet_id=post_id)).data
    read = xdk_client.posts.get_by_id(made.rest_id, expansions=["referenced_posts"])
    undone = xdk_client.users.unrepost_post(account["id"], post_id).data

    assert made.retweeted is True
    assert read.includes.posts[0].text == "Worth it, too"
    assert undone.retweeted is False


@pytest.mark.usefixtures("enterprise")
def test_xdk_likes_and_quotes_where_it_may(account, xdk_client, author):
    post_id = posted(author, "Likable, too")
    liked = xdk_client.users.like_post(account["id"], body=LikePostRequest(tweet_id=post_id)).data
    xdk_client.posts.create(body=CreateRequest(text="Look", quote_tweet_id=post_id))
    read = xdk_client.posts.get_by_ids([post_id, "1"], post_fields=["public_metrics"])
    undone = xdk_client.users.unlike_post(account["id"], post_id).data

    assert (liked.liked, undone.liked) == (True, False)
    counts = read.data[0].public_metrics
    assert (counts.like_count, counts.quote_count, counts.repost_count) == (1, 1, 0)


def test_xdk_raises_where_self_serve_apps_may_not(account, xdk_client, author):
    post_id = posted(author, "Not for you")

    with pytest.raises(requests.HTTPError, match="403"):
        xdk_client.users.like_post(account["id"], body=LikePostRequest(tweet_id=post_id))
    with pytest.raises(requests.HTTPError, match="403"):
        xdk_client.posts.create(body=CreateRequest(text="Look", quote_tweet_id=post_id))


def test_xdk_makes_polls_and_edits(x_server):
    account = x_server.new_account(premium=True)
    client = _xdk(x_server, account["username"])
    poll = {"options": ["Yes", "No"], "duration_minutes": 60}
    asked = client.posts.create(body=CreateRequest(text="Is it?", poll=poll)).data
    read = client.posts.get_by_id(
        asked.id, expansions=["attachments.poll_ids"], poll_fields=["voting_status"]
    )
    first = client.posts.create(body=CreateRequest(text="Teh news", paid_partnership=True)).data
    change = CreateRequest(text="The news", edit_options={"previous_post_id": first.id})
    second = client.posts.create(body=change).data
    edited = client.posts.get_by_id(second.id, post_fields=["edit_controls"])

    assert read.includes.polls[0].voting_status == "open"
    assert edited.data.edit_history_post_ids == [first.id, second.id]
    assert edited.data.edit_controls.edits_remaining == 4


def test_xdk_reads_home_and_mentions_and_searches_page_by_page(x_server, account, xdk_client, author):
    wish = {"username": account["username"], "target": author.username}
    x_server.control("POST", "/follows", json=wish)
    word = "w" + secrets.token_hex(6)
    ids = [posted(author, f"@{account['username']} hello {word} {number}") for number in range(12)]
    home = xdk_client.users.get_timeline(account["id"], max_results=5, exclude=["retweets"])
    mentions = xdk_client.users.get_mentions(account["id"], max_results=5, since_id=ids[3])
    found = xdk_client.posts.search_recent(f"{word} lang:en", max_results=10, post_fields=["lang"])

    assert [post.id for page in home for post in page.data] == ids[::-1]
    assert [post.id for page in mentions for post in page.data] == ids[:3:-1]
    posts = [post for page in found for post in page.data]
    assert [post.id for post in posts] == ids[::-1]
    assert {post.lang for post in posts} == {"en"}


# People and messages: follows, lists of them, users by id and name, conversations, credit.


@pytest.mark.usefixtures("enterprise")
def test_tweepy_follows_lists_and_unfollows(x_server, account, tweepy_client):
    others = [x_server.new_account() for _ in range(3)]
    shy = x_server.new_account(protected=True)
    followed = [tweepy_client.follow_user(other["id"]).data for other in others]
    asked = tweepy_client.follow_user(shy["id"]).data
    pages = tweepy.Paginator(tweepy_client.get_users_following, account["id"], max_results=2, user_auth=True)
    following = [user.username for page in pages for user in page.data]
    followers = tweepy_client.get_users_followers(
        others[0]["id"], user_auth=True, user_fields=["protected", "public_metrics"]
    ).data
    undone = tweepy_client.unfollow_user(others[0]["id"]).data

    assert followed == [{"following": True, "pending_follow": False}] * 3
    assert asked == {"following": False, "pending_follow": True}
    assert following == [other["username"] for other in reversed(others)]
    assert [(user.username, user.public_metrics["following_count"]) for user in followers] == [
        (account["username"], 3)
    ]
    assert undone == {"following": False}
    assert x_server.control("GET", f"/follows?username={shy['username']}")["requests"] == [
        account["username"]
    ]


def test_tweepy_is_told_that_follows_are_not_sold(x_server, tweepy_client):
    other = x_server.new_account()

    with pytest.raises(tweepy.Forbidden, match="not permitted to access this feature"):
        tweepy_client.follow_user(other["id"])
    with pytest.raises(tweepy.Forbidden, match="not permitted to access this feature"):
        tweepy_client.unfollow_user(other["id"])


def test_tweepy_looks_people_up(x_server, account, tweepy_client):
    gone = x_server.new_account(suspended=True)
    by_id = tweepy_client.get_users(ids=[account["id"], gone["id"], "1"], user_auth=True)
    by_name = tweepy_client.get_users(usernames=[account["username"], "nobody_here"], user_auth=True)

    assert [str(user.id) for user in by_id.data] == [str(user.id) for user in by_name.data] == [account["id"]]
    assert [error["detail"] for error in by_id.errors] == [
        f"User has been suspended: [{gone['id']}].",
        "Could not find user with ids: [1].",
    ]
    assert by_name.errors[0]["detail"] == "Could not find user with usernames: [nobody_here]."


def test_tweepy_reads_a_conversation_by_its_id_page_by_page(x_server, tweepy_client):
    other = x_server.new_account()
    sent = [
        tweepy_client.create_direct_message(participant_id=other["id"], text=f"Number {number}").data
        for number in range(3)
    ]
    conversation = sent[0]["dm_conversation_id"]
    pages = tweepy.Paginator(
        tweepy_client.get_direct_message_events, dm_conversation_id=conversation, max_results=2
    )
    joined = tweepy_client.get_direct_message_events(
        dm_conversation_id=conversation, event_types="ParticipantsJoin"
    )

    assert [str(event.id) for page in pages for event in page.data] == [
        one["dm_event_id"] for one in reversed(sent)
    ]
    assert joined.data is None


def test_tweepy_is_told_that_the_app_may_not_write_messages(x_server, account, tweepy_client):
    other = x_server.new_account()
    x_server.fault("message_refused", {"username": account["username"]}, code=93)

    with pytest.raises(tweepy.Forbidden, match="93"):
        tweepy_client.create_direct_message(participant_id=other["id"], text="Hello")


@pytest.mark.usefixtures("enterprise")
def test_xdk_follows_lists_and_unfollows(x_server, account, xdk_client):
    others = [x_server.new_account() for _ in range(3)]
    for other in others:
        body = FollowUserRequest(target_user_id=other["id"])
        assert xdk_client.users.follow_user(account["id"], body=body).data.following is True
    pages = xdk_client.users.get_following(
        account["id"], max_results=2, user_fields=["public_metrics"], post_fields=["id"]
    )
    following = [user.username for page in pages for user in page.data]
    followers = [user for page in xdk_client.users.get_followers(others[0]["id"]) for user in page.data]
    undone = xdk_client.users.unfollow_user(account["id"], others[0]["id"]).data

    assert following == [other["username"] for other in reversed(others)]
    assert [user.id for user in followers] == [account["id"]]
    assert undone.following is False


def test_xdk_looks_people_up(x_server, account, xdk_client):
    by_id = xdk_client.users.get_by_ids(
        [account["id"], "1"], user_fields=["verified_type"], post_fields=["id"]
    )
    by_name = xdk_client.users.get_by_usernames([account["username"]])
    single = xdk_client.users.get_by_username(
        "premium_demo", user_fields=["verified_type", "subscription_type"]
    )

    assert (by_id.data[0].verified_type, len(by_id.errors)) == ("none", 1)
    assert by_name.data[0].id == account["id"]
    assert (single.data.verified_type, single.data.subscription_type) == ("blue", "Premium")


def test_xdk_reads_conversations_and_single_messages(x_server, account, xdk_client):
    other = x_server.new_account()
    sent = xdk_client.direct_messages.create_by_participant_id(
        other["id"], body=CreateByParticipantIdRequest(text="By its id")
    ).data
    messages = xdk_client.direct_messages
    pages = list(messages.get_events_by_conversation_id(sent.dm_conversation_id, expansions=["sender_id"]))
    everything = [event for page in messages.get_events(max_results=1) for event in page.data]
    one = messages.get_events_by_id(sent.dm_event_id, dm_event_fields=["dm_conversation_id"]).data

    assert [event.sender_id for page in pages for event in page.data] == [account["id"]]
    assert [event.id for event in everything] == [sent.dm_event_id]
    assert (one.text, one.dm_conversation_id) == ("By its id", sent.dm_conversation_id)


def test_what_xdk_does_is_billed_and_ends_with_the_credit(x_server):
    name = "app_" + secrets.token_hex(4)
    x_server.control("POST", "/apps", json={"name": name})
    x_server.control("POST", "/credit", json={"app": name, "balance": 0.02})
    account = x_server.new_account()
    client = _xdk(x_server, account["username"], name)
    client.posts.create(body=CreateRequest(text="Paid"))
    client.users.get_me()

    with pytest.raises(requests.HTTPError, match="402"):
        client.posts.create(body=CreateRequest(text="Not paid"))
    assert x_server.control("GET", f"/charges?app={name}")["dollars"] == 0.025


def _base64(content):
    import base64

    return base64.b64encode(content).decode()
