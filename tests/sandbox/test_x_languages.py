"""Which language the sandbox X thinks a text is in."""

import pytest

from sandbox.x.languages import language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Hello world", "en"),
        ("Guten Morgen, das ist die Welt", "de"),
        ("Bonjour, je suis avec vous", "fr"),
        ("Hola, buenos dias a todos", "es"),
        ("今日は良い天気ですね", "ja"),
        ("今天天气很好", "zh"),
        ("Привет, мир", "ru"),
        ("Привіт, як справи", "uk"),
        ("مرحبا", "ar"),
        ("שלום", "iw"),
        ("@name #tag", "zxx"),
        ("123 🎉", "zxx"),
        ("w1de2de3 hello", "en"),
    ],
)
def test_a_text_is_in_the_language_one_would_say(text, code):
    assert language(text) == code
