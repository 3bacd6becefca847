"""Which files X takes, and how one gets there piece by piece."""

import io
import json
import re

import pytest

from tests.unit import scripted_x
from twitter import formats, media
from twitter.client import App, Token, X
from twitter.errors import Refused, Unavailable

APP, TOKEN = App("k", "s"), Token("1-t", "s")
MB = 1024 * 1024


@pytest.mark.parametrize(
    ("beginning", "mime"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png"),
        (b"GIF89a\x01\x00", "image/gif"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00", "video/mp4"),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00", "video/quicktime"),
        (b"\x00\x00\x00\x24ftypheic\x00\x00\x00\x00", "image/heic"),
        (b"\x00\x00\x00\x1cftypM4A \x00\x00\x00\x00", "audio/mp4"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81", "video/webm"),
        (b"%PDF-1.7", None),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", None),
        (b"", None),
    ],
)
def test_a_file_is_known_by_how_it_begins(beginning, mime):
    assert formats.sniff(beginning) == mime


@pytest.mark.parametrize(
    ("kind", "mime", "size", "facts", "code"),
    [
        ("photo", "image/jpeg", 5 * MB, {}, None),
        ("photo", "image/jpeg", 5 * MB + 1, {}, "media_too_big"),
        ("photo", "image/heic", 1, {}, "media_type"),
        ("photo", "image/png", 0, {}, "media_invalid"),
        ("gif", "image/gif", 15 * MB, {"width": 1280, "height": 1080}, None),
        ("gif", "image/gif", MB, {"width": 1281, "height": 10}, "media_dimensions"),
        ("gif", "video/mp4", 16 * MB, {"duration_s": 3.0}, None),
        ("video", "video/mp4", 20 * MB, {"duration_s": 1200.0, "width": 640, "height": 480}, None),
        ("video", "video/mp4", MB, {"duration_s": 1201.0}, "media_too_long"),
        ("video", "video/mp4", MB, {"duration_s": 1201.0, "premium": True}, None),
        ("video", "video/mp4", MB, {"duration_s": 0.4}, "media_too_short"),
        ("video", "video/mp4", MB, {"width": 300, "height": 99}, "media_dimensions"),
        ("video", "video/mp4", MB, {"width": 31, "height": 31}, "media_dimensions"),
        ("video", "image/gif", MB, {}, "media_type"),
    ],
)
def test_a_file_is_checked_against_what_x_takes(kind, mime, size, facts, code):
    assert formats.check(kind, mime, size, **facts) == code


def _body(request: bytes) -> dict:
    return json.loads(request.partition(b"\r\n\r\n")[2])


def test_a_photo_goes_up_in_pieces_and_gets_its_description():
    ok = scripted_x.answering(200, {"data": {"id": "77"}})
    content = b"\xff\xd8\xff" + b"p" * MB

    with scripted_x.serving(ok, ok, ok, ok, ok) as server:
        media_id = media.upload(
            X(server.origin),
            APP,
            TOKEN,
            content,
            kind="photo",
            mime="image/jpeg",
            alt_text="A cat",
        )

    paths = [request.split(b" ", 2)[1].decode() for request in server.requests]
    assert media_id == "77"
    assert paths == [
        "/2/media/upload/initialize",
        *["/2/media/upload/77/append"] * 2,
        "/2/media/upload/77/finalize",
        "/2/media/metadata",
    ]
    assert _body(server.requests[0]) == {
        "media_type": "image/jpeg",
        "media_category": "tweet_image",
        "total_bytes": MB + 3,
    }
    assert [re.search(rb'"segment_index"\r\n\r\n(\d+)', request)[1] for request in server.requests[1:3]] == [
        b"0",
        b"1",
    ]
    assert _body(server.requests[4]) == {"id": "77", "metadata": {"alt_text": {"text": "A cat"}}}


def _processing(state, **more):
    return scripted_x.answering(200, {"data": {"id": "77", "processing_info": {"state": state, **more}}})


def _upload_video(origin, pauses):
    return media.upload(
        X(origin), APP, TOKEN, io.BytesIO(b"v"), kind="video", mime="video/mp4", sleep=pauses.append
    )


def test_a_video_is_waited_for_at_the_pace_x_names():
    ok, pauses = scripted_x.answering(200, {"data": {"id": "77"}}), []
    waiting = (_processing("pending", check_after_secs=2), _processing("in_progress", check_after_secs=900))

    with scripted_x.serving(ok, ok, *waiting, _processing("succeeded")) as server:
        media_id = _upload_video(server.origin, pauses)

    assert (media_id, pauses) == ("77", [2, 30])
    assert server.requests[-1].startswith(b"GET /2/media/upload?command=STATUS&media_id=77 ")


def test_a_video_x_cannot_read_is_refused_in_x_s_words():
    ok = scripted_x.answering(200, {"data": {"id": "77"}})
    failed = _processing("failed", error={"name": "InvalidMedia", "message": "Unsupported video codec"})

    with scripted_x.serving(ok, ok, failed) as server, pytest.raises(Refused) as caught:
        _upload_video(server.origin, [])

    assert (caught.value.code, caught.value.detail) == ("media_invalid", "Unsupported video codec")


def test_a_video_that_takes_for_ever_is_given_up():
    ok, pauses = scripted_x.answering(200, {"data": {"id": "77"}}), []
    slow = [_processing("pending", check_after_secs=30)] * 22

    with scripted_x.serving(ok, ok, *slow) as server, pytest.raises(Unavailable) as caught:
        _upload_video(server.origin, pauses)

    assert (caught.value.code, sum(pauses)) == ("media_slow", 600)


def test_an_upload_that_breaks_off_is_made_anew_and_never_unknown():
    ok = scripted_x.answering(200, {"data": {"id": "77"}})

    with scripted_x.serving(ok, scripted_x.hanging_up) as server, pytest.raises(Unavailable):
        _upload_video(server.origin, [])


def test_an_empty_file_is_not_sent():
    with pytest.raises(Refused) as caught:
        media.upload(X("http://127.0.0.1:1"), APP, TOKEN, b"", kind="photo", mime="image/png")

    assert caught.value.code == "media_invalid"
