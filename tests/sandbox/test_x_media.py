"""Uploading media to the sandbox X, and posting it."""

import base64
import io
import time

import pytest
import requests
from PIL import Image

MP4 = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 5000


def picture(colour="red", size=(60, 40), kind="PNG", frames=1):
    out = io.BytesIO()
    images = [Image.new("RGB", size, colour if number % 2 == 0 else "black") for number in range(frames)]
    images[0].save(out, kind, **({"save_all": True, "append_images": images[1:]} if frames > 1 else {}))
    return out.getvalue()


def start(session, content, category="tweet_image", content_type="image/png"):
    wish = {"media_category": category, "media_type": content_type, "total_bytes": len(content)}
    return session.post("/2/media/upload/initialize", json=wish)


def upload(session, content, category="tweet_image", content_type="image/png", chunk=2000):
    media_id = start(session, content, category, content_type).json()["data"]["id"]
    for index, at in enumerate(range(0, len(content), chunk)):
        part = {"media": ("blob", content[at : at + chunk])}
        answer = session.post(f"/2/media/upload/{media_id}/append", data={"segment_index": index}, files=part)
        assert answer.status_code == 200, answer.text
    return media_id, session.post(f"/2/media/upload/{media_id}/finalize")


def status(session, media_id):
    return session.get(f"/2/media/upload?command=STATUS&media_id={media_id}").json()["data"]


@pytest.fixture
def account(x_server):
    return x_server.new_account()


@pytest.fixture
def session(x_server, account):
    return x_server.session(account["username"])


def test_a_picture_goes_up_in_segments_and_into_a_post(x_server, account, session):
    content = picture()
    media_id, finished = upload(session, content, chunk=50)

    post = session.tweet("Look", media={"media_ids": [media_id]}).json()["data"]
    page = requests.get(f"{x_server.origin}/{account['username']}", timeout=10).text

    assert finished.json()["data"]["image"] == {"image_type": "image/png", "w": 60, "h": 40}
    assert "processing_info" not in finished.json()["data"]
    assert requests.get(f"{x_server.origin}/media/{media_id}", timeout=10).content == content
    assert f"<article data-post-id='{post['id']}'>" in page
    assert f"<img src='/media/{media_id}' alt=''>" in page


def test_segments_may_come_as_json_with_base64(session):
    content = picture()
    media_id = start(session, content).json()["data"]["id"]

    body = {"segment_index": 0, "media": base64.b64encode(content).decode()}
    appended = session.post(f"/2/media/upload/{media_id}/append", json=body)
    finished = session.post(f"/2/media/upload/{media_id}/finalize")

    assert set(appended.json()["data"]) == {"expires_at"}
    assert finished.json()["data"]["size"] == len(content)


@pytest.mark.parametrize("as_json", [True, False])
def test_a_picture_goes_up_in_one_shot(session, as_json):
    content = picture()
    if as_json:
        body = {"media": base64.b64encode(content).decode(), "media_category": "tweet_image"}
        answer = session.post("/2/media/upload", json=body)
    else:
        fields = {"media_category": "tweet_image"}
        answer = session.post("/2/media/upload", data=fields, files={"media": ("a.png", content)})

    assert answer.status_code == 200
    assert session.tweet("One shot", media={"media_ids": [answer.json()["data"]["id"]]}).status_code == 201


def test_a_post_with_pictures_ends_with_a_link_to_them(session, account):
    ids = [upload(session, picture(colour))[0] for colour in ("red", "blue")]
    post_id = session.tweet("Two", media={"media_ids": ids}).json()["data"]["id"]

    query = (
        "tweet.fields=entities,attachments&expansions=attachments.media_keys&media.fields=url,alt_text,width"
    )
    body = session.get(f"/2/tweets/{post_id}?{query}").json()

    urls = body["data"]["entities"]["urls"]
    assert body["data"]["text"] == f"Two {urls[0]['url']}"
    assert len(urls) == 2
    assert urls[0]["expanded_url"] == f"https://x.com/{account['username']}/status/{post_id}/photo/1"
    assert [media["type"] for media in body["includes"]["media"]] == ["photo", "photo"]
    assert body["data"]["attachments"]["media_keys"] == [
        media["media_key"] for media in body["includes"]["media"]
    ]


def test_alt_text_is_kept_and_shown(x_server, session):
    media_id, _ = upload(session, picture())
    about = {"id": media_id, "metadata": {"alt_text": {"text": 'A "red" <square>'}}}

    answer = session.post("/2/media/metadata", json=about)
    post_id = session.tweet("Alt", media={"media_ids": [media_id]}).json()["data"]["id"]
    query = "expansions=attachments.media_keys&media.fields=alt_text"
    shown = session.get(f"/2/tweets/{post_id}?{query}").json()["includes"]["media"][0]

    assert answer.json()["data"] == {"id": media_id, "associated_metadata": about["metadata"]}
    assert shown["alt_text"] == 'A "red" <square>'


def test_alt_text_ends_at_1000(session):
    media_id, _ = upload(session, picture())
    about = {"id": media_id, "metadata": {"alt_text": {"text": "x" * 1001}}}

    assert session.post("/2/media/metadata", json=about).status_code == 400


def test_a_video_is_processed_before_it_may_be_posted(session):
    media_id, finished = upload(session, MP4, "tweet_video", "video/mp4")
    early = session.tweet("Too early", media={"media_ids": [media_id]})
    time.sleep(1.1)

    late = status(session, media_id)

    assert finished.json()["data"]["processing_info"] == {"state": "pending", "check_after_secs": 1}
    assert (early.status_code, early.json()["errors"][0]["message"]) == (400, "Your media IDs are invalid.")
    assert late["processing_info"]["state"] == "succeeded"
    assert session.tweet("In time", media={"media_ids": [media_id]}).status_code == 201


def test_a_gif_is_processed_too(session):
    _, finished = upload(session, picture(kind="GIF", frames=3), "tweet_gif", "image/gif")

    assert finished.json()["data"]["processing_info"]["state"] == "pending"


def test_processing_can_fail_on_request(x_server, account, session):
    x_server.fault("media_failed", {"username": account["username"]})

    media_id, finished = upload(session, MP4, "tweet_video", "video/mp4")

    assert finished.json()["data"]["processing_info"] == {"state": "failed"}
    assert session.tweet("Broken", media={"media_ids": [media_id]}).status_code == 400


def test_processing_can_be_slow_on_request(x_server, account, session):
    x_server.fault("media_slow", {"username": account["username"]}, seconds=600)
    media_id, _ = upload(session, MP4, "tweet_video", "video/mp4")

    assert status(session, media_id)["processing_info"]["state"] in {"pending", "in_progress"}


def test_media_of_another_account_is_invalid(x_server, session):
    media_id, _ = upload(session, picture())
    other = x_server.session(x_server.new_account()["username"])

    answer = other.tweet("Not mine", media={"media_ids": [media_id]})

    assert answer.json()["errors"][0] == {
        "parameters": {"media.media_ids": [media_id]},
        "message": "Your media IDs are invalid.",
    }


def test_media_lives_a_day(x_server, session):
    media_id, _ = upload(session, picture())
    x_server.control("PUT", "/clock", json={"offset": 86_500})
    x_server.fault("clock_skew", {"path": "/2/tweets"}, times=None, seconds=-86_500)
    try:
        answer = session.tweet("Too late", media={"media_ids": [media_id]})
    finally:
        x_server.control("DELETE", "/faults")
        x_server.control("PUT", "/clock", json={"offset": 0})

    assert answer.json()["errors"][0]["message"] == "Your media IDs are invalid."


@pytest.mark.parametrize(
    ("category", "content_type", "size"),
    [
        ("tweet_image", "image/png", 5 * 1024 * 1024 + 1),
        ("tweet_gif", "image/gif", 15 * 1024 * 1024 + 1),
        ("tweet_video", "video/mp4", 512 * 1024 * 1024 + 1),
        ("tweet_image", "application/pdf", 10),
        ("nonsense", "image/png", 10),
    ],
)
def test_what_x_does_not_take_is_refused_at_the_start(session, category, content_type, size):
    wish = {"media_category": category, "media_type": content_type, "total_bytes": size}

    assert session.post("/2/media/upload/initialize", json=wish).status_code == 400


def test_missing_bytes_are_noticed(session):
    content = picture()
    media_id = start(session, content + b"more").json()["data"]["id"]
    session.post(f"/2/media/upload/{media_id}/append", data={"segment_index": 0}, files={"media": content})

    answer = session.post(f"/2/media/upload/{media_id}/finalize")

    assert answer.json()["errors"][0]["message"] == "Segments do not add up to provided total file size."


def test_bytes_that_are_no_picture_are_refused(session):
    _, answer = upload(session, b"certainly no picture")

    assert answer.status_code == 400


def test_a_chunk_beyond_8_megabytes_is_too_big(session):
    content = b"\x00" * (8 * 1024 * 1024 + 1)
    media_id = start(session, content, "tweet_video", "video/mp4").json()["data"]["id"]

    answer = session.post(
        f"/2/media/upload/{media_id}/append", data={"segment_index": 0}, files={"media": content}
    )

    assert answer.status_code == 413


def test_a_segment_index_ends_at_999(session):
    media_id = start(session, picture()).json()["data"]["id"]

    answer = session.post(
        f"/2/media/upload/{media_id}/append", data={"segment_index": 1000}, files={"media": b"x"}
    )

    assert answer.status_code == 400


def test_a_video_stands_alone(session):
    photo, _ = upload(session, picture())
    video, _ = upload(session, MP4, "tweet_video", "video/mp4")
    time.sleep(1.1)

    assert session.tweet("Both", media={"media_ids": [photo, video]}).status_code == 400


def test_the_same_words_with_another_picture_are_no_duplicate(session):
    first, _ = upload(session, picture("red"))
    again, _ = upload(session, picture("red"))
    other, _ = upload(session, picture("blue"))
    session.tweet("Caption", media={"media_ids": [first]})

    assert session.tweet("Caption", media={"media_ids": [other]}).status_code == 201
    assert session.tweet("Caption", media={"media_ids": [again]}).status_code == 403


def test_a_post_may_be_a_picture_alone(session):
    media_id, _ = upload(session, picture())

    answer = session.tweet(media={"media_ids": [media_id]})

    assert (answer.status_code, answer.json()["data"]["text"].startswith("https://t.co/")) == (201, True)
