"""A link, an id or a name is understood however it is pasted, and nothing else is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitter import addresses

ID = "1293593516040269825"
SANDBOX = "http://127.0.0.1:8082"
HOSTS = st.sampled_from(
    ["x.com", "twitter.com", "mobile.twitter.com", "mobile.x.com", "m.twitter.com", "www.x.com", "X.COM"]
)
PATHS = st.sampled_from(
    ["/i/web/status/{}", "/i/status/{}", "/alice/status/{}", "/alice/statuses/{}", "/#!/alice/status/{}"]
)
TAILS = st.sampled_from(
    [
        "",
        "/",
        "/photo/1",
        "/video/1",
        "?s=20&t=a-B_c",
        "?ref_src=twsrc%5Etfw",
        "#m",
        "/photo/1?s=46",
        "/likes",
    ]
)
IDS = st.integers(1, 10**19 - 1).map(str)
NAMES = st.from_regex(r"[A-Za-z0-9_]{1,15}", fullmatch=True)


@settings(deadline=None)
@given(
    scheme=st.sampled_from(["https://", "http://", ""]),
    host=HOSTS,
    path=PATHS,
    tail=TAILS,
    post_id=IDS,
    around=st.sampled_from(
        [("", ""), ("<", ">"), ("(", ")."), (" ", "\n"), ("", ","), ("\u2068", "\u2069"), ("“", "”!")]
    ),
)
def test_every_form_of_link_to_a_post_means_its_id(scheme, host, path, tail, post_id, around):
    said = around[0] + scheme + host + path.format(post_id) + tail + around[1]

    assert addresses.post_id(said) == post_id
    assert addresses.post_id(said, origin=SANDBOX) == post_id


@settings(deadline=None)
@given(IDS)
def test_a_bare_id_means_itself(post_id):
    assert addresses.post_id(f" {post_id} ") == post_id


def test_nought_is_passed_on():
    assert addresses.post_id("0") == "0"


def test_posts_of_a_sandbox_are_meant_where_one_is_used():
    link = f"{SANDBOX}/alice/status/{ID}"

    assert addresses.post_id(link, origin=SANDBOX) == ID
    assert addresses.post_id(link) is None
    assert addresses.post_id(f"http://127.0.0.1:80820/alice/status/{ID}", origin=SANDBOX) is None
    assert addresses.username(f"{SANDBOX}/alice", origin=SANDBOX) == "alice"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "hello",
        "00",
        "012",
        "-5",
        "1.5",
        "1e5",
        "9" * 20,
        "9" * 100_000,
        "١٢٣",
        "１２３",
        "²",
        f"https://x.com.evil.com/a/status/{ID}",
        f"https://evil.com/x.com/a/status/{ID}",
        f"https://x.com@evil.com/a/status/{ID}",
        f"https://evil.com?https://x.com/a/status/{ID}",
        f"https://xxcom/a/status/{ID}",
        f"https://notx.com/a/status/{ID}",
        f"https://a.x.com/a/status/{ID}",
        f"https://x.com\\@evil.com/a/status/{ID}",
        f"https://x.com:8080/a/status/{ID}",
        f"ftp://x.com/a/status/{ID}",
        f"javascript:x.com/a/status/{ID}",
        f"https://x.com/a/ſtatus/{ID}",
        f"https://х.com/a/status/{ID}",
        f"https://x.com/a/b/status/{ID}",
        f"https://x.com/a/status/{ID}0",
        f"https://x.com/a/status/{ID[:-1]}x",
        f"https://x.com/a/status/{ID} and more",
        f"https://x.com/a/status/{ID}?{'a' * 3000}",
        "https://x.com/a/status/",
        "https://x.com/a/status/abc",
        "https://x.com/a/status/１２３",
        "https://x.com/a",
        "https://x.com/i/events/123",
        "https://t.co/abcdef",
    ],
)
def test_what_is_no_post_is_none(said):
    assert addresses.post_id(said) is None


@settings(deadline=None)
@given(NAMES, st.sampled_from(["{}", "@{}", "＠{}", "https://x.com/{}/", "x.com/{}?lang=de", "(@{})"]))
def test_every_form_of_a_name_means_it(name, form):
    if "x.com" in form and name.lower() in ("i", "home", "help", "tos", "about", "search", "account"):
        return
    assert addresses.username(form.format(name)) == name


@pytest.mark.parametrize("tab", ["with_replies", "media", "followers", "following?s=1"])
def test_a_part_of_a_profile_means_its_account(tab):
    assert addresses.username(f"https://www.twitter.com/alice_1/{tab}") == "alice_1"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "@",
        "a" * 16,
        "@a-b",
        "@álice",
        "@alice bob",
        "@@alice",
        "https://x.com",
        "https://x.com/home",
        "https://x.com/Search?q=a",
        "https://x.com/i/lists/5",
        f"https://x.com/alice/status/{ID}",
        "https://x.com.evil.com/alice",
        "https://evil.com/alice",
        "../../2/users/me",
        "１２３",
    ],
)
def test_what_is_nobody_is_none(said):
    assert addresses.username(said) is None


@settings(deadline=None)
@given(st.text(), st.sampled_from([None, SANDBOX]))
def test_whatever_is_said_is_no_mistake_and_what_is_read_may_stand_in_a_path(said, origin):
    for read, most in ((addresses.post_id, 19), (addresses.username, 15)):
        found = read(said, origin=origin)
        assert found is None or (found.isascii() and 1 <= len(found) <= most and found in said)


@settings(deadline=None)
@given(st.from_regex(r"(?:https?://)?(?:x|twitter)\.com[/a-z0-9#!?._@-]{0,60}", fullmatch=True))
def test_what_looks_like_an_address_of_x_is_no_mistake(said):
    found = addresses.post_id(said)
    assert found is None or f"/{found}" in said
