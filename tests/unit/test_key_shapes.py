"""Keys are recognised however they are pasted; what is no key is not taken for one."""

import json

import pytest

from bot import keys

KEY = "AbC1dEfGhIjKlMnOpQrStUvWx"
SECRET = "aB3" * 16 + "zZ"
TOKEN = "1234567890-" + "aB3" * 12
TOKEN_SECRET = "xY9" * 15
ALL = {
    keys.KEY: KEY,
    keys.SECRET: SECRET,
    keys.TOKEN: TOKEN,
    keys.TOKEN_SECRET: TOKEN_SECRET,
}


@pytest.mark.parametrize(
    ("pasted", "read"),
    [
        (KEY, {keys.KEY: KEY}),
        (f"  {KEY}\n", {keys.KEY: KEY}),
        (f'"{KEY}"', {keys.KEY: KEY}),
        (f"\u201c{KEY}\u201d", {keys.KEY: KEY}),
        (f"\u200b{KEY}\ufeff", {keys.KEY: KEY}),
        (SECRET, {keys.SECRET: SECRET}),
        (TOKEN, {keys.TOKEN: TOKEN}),
        (f"{KEY}\n{SECRET}", {keys.KEY: KEY, keys.SECRET: SECRET}),
        (f"{KEY}, {SECRET}", {keys.KEY: KEY, keys.SECRET: SECRET}),
        (f"{SECRET}\n{KEY}", {keys.KEY: KEY, keys.SECRET: SECRET}),
        (f"API Key: {KEY}\nAPI Key Secret: {SECRET}", {keys.KEY: KEY, keys.SECRET: SECRET}),
        (f"consumer_key = {KEY}", {keys.KEY: KEY}),
        (f"CONSUMER_SECRET={SECRET}", {keys.SECRET: SECRET}),
        (f"Access Token Secret: {TOKEN_SECRET}", {keys.TOKEN_SECRET: TOKEN_SECRET}),
        ("\n".join(ALL.values()), ALL),
        (json.dumps(ALL), ALL),
        (json.dumps({"api_key": KEY, "api_secret": SECRET}), {keys.KEY: KEY, keys.SECRET: SECRET}),
        (f'here you are: {{"consumer_key": "{KEY}"}}', {keys.KEY: KEY}),
        (f"my consumer key is {KEY}", {keys.KEY: KEY}),
        (f"API Key:\n{KEY}\nAPI Key Secret:\n{SECRET}", {keys.KEY: KEY, keys.SECRET: SECRET}),
        (f"consumer_key={KEY} consumer_secret={SECRET}", {keys.KEY: KEY, keys.SECRET: SECRET}),
        (f"{KEY}:{SECRET}", {keys.KEY: KEY, keys.SECRET: SECRET}),
        (f"export CONSUMER_KEY={KEY}", {keys.KEY: KEY}),
        (f"({KEY})", {keys.KEY: KEY}),
        (f"{SECRET}.", {keys.SECRET: SECRET}),
        (f"{KEY[:9]}\u200b{KEY[9:]}", {keys.KEY: KEY}),
        ("".join(chr(ord(char) + 0xFEE0) for char in KEY), {keys.KEY: KEY}),
        ("hello there", {}),
        ("{", {}),
        ('{"consumer_key": 5}', {}),
        ("[" * 100_000, {}),
        ("", {}),
    ],
)
def test_pasted_keys_are_read(pasted, read):
    assert keys.read(pasted) == read


@pytest.mark.parametrize(
    ("pasted", "kind"),
    [
        ("AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0%2BuSeid%2BULvsea4JtiGRiSDSJSI", keys.BEARER),
        ("a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5_P6-q", keys.CLIENT_ID),
    ],
)
def test_what_is_often_taken_for_a_key_is_told_apart(pasted, kind):
    assert list(keys.read(pasted)) == [kind]


@pytest.mark.parametrize(
    "pasted",
    [
        KEY,
        SECRET,
        TOKEN,
        f'"{KEY}"',
        f"key: {KEY}",
        json.dumps(ALL),
        f"API Key: {KEY}",
        f"my consumer key is {KEY}",
        f"API Key:\n{KEY}\nAPI Key Secret:\n{SECRET}",
        f"consumer_key={KEY} consumer_secret={SECRET}",
        f"{KEY}:{SECRET}",
        f"export CONSUMER_KEY={KEY}",
        f"({KEY})",
        f"{SECRET}.",
        f"{KEY[:9]}\u200b{KEY[9:]}",
        "".join(chr(ord(char) + 0xFEE0) for char in KEY),
        f"this is what the console shows me as the key of my app: {KEY}",
        f"a long text of many words which happens to hold {SECRET}",
    ],
)
def test_a_key_nobody_asked_for_is_noticed(pasted):
    assert keys.looks_secret(pasted)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "hello",
        "Donaudampfschifffahrtsgesellschaft",
        "thisisalowercasehashtagword",
        "1234567",
        "https://x.com/alice_writes/status/1800000000000000000",
        f"the key talk: https://example.com/watch?v={KEY}",
        f"example.com/{KEY}",
        f"#{KEY} is a key hashtag",
        "key: the one on the left",
        "a long text of many words which happens to hold " + KEY,
    ],
)
def test_ordinary_words_are_no_keys(words):
    assert not keys.looks_secret(words)
