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
    app, grant = x_server.app(), x_server.pin_walk(account["username"])
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


def _base64(content):
    import base64

    return base64.b64encode(content).decode()
