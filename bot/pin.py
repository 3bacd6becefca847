"""Recognises a PIN of X in what a person wrote. Pure; what becomes of it is decided in commands/pin.py.

X: "PIN-based OAuth": about 7 digits, a zero may lead. People add spaces, dashes and the word PIN, and some
keyboards type other digits than ours.
"""

import re
import unicodedata

#: Nobody writes more around a PIN; a longer text is something else.
LONGEST = 64
#: A message that may have a PIN somewhere in it.
SHORT_MESSAGE = 200
#: Words people put around a PIN besides the word itself.
WORDS_AROUND = 4

_DIGITS = re.compile(r"\d(?:[\d -]*\d)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{2}-\d{2}-\d{4}")
_PUNCTUATION = re.compile(r"[\s:;.,!#*=\"'`()\[\]<>-]+")
_SIZE = range(6, 9)


def find(text: str) -> str | None:
    """Return the PIN as 6 to 8 ASCII digits if the text is one, perhaps with the word PIN; else None."""
    plain = _plain(text)
    runs = _DIGITS.findall(plain)
    if len(runs) != 1 or _DATE.fullmatch(runs[0]):
        return None
    pin = re.sub(r"[ -]", "", runs[0])
    before, _, after = plain.partition(runs[0])
    return pin if len(pin) in _SIZE and _is_about_a_pin(f"{before} {after}") else None


def within(text: str) -> str | None:
    """Return the one number of a PIN's size in a short message that is about more than it; else None."""
    words = _plain(text, SHORT_MESSAGE).split()
    numbers = [found for word in words if (found := re.sub(r"[^\w@#.:/-]", "", word).strip(".:-")).isdigit()]
    return numbers[0] if len(numbers) == 1 and len(numbers[0]) in _SIZE else None


def names_a_pin(text: str) -> bool:
    """Tell whether somebody calls a number their PIN, which nobody does by chance."""
    return find(text) is not None and re.search(r"\bpin\b", _plain(text)) is not None


def _plain(text: str, longest: int = LONGEST) -> str:
    """NFKC, every script's digits as ours, dashes as one dash, nothing invisible, lower case."""
    if len(text) > longest:
        return ""
    return "".join(map(_character, unicodedata.normalize("NFKC", text))).casefold().strip()


def _character(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Pd" or char == "\u2212":
        return "-"
    if category in {"Zs", "Cc"}:
        return " "
    return "" if category == "Cf" else char


def _is_about_a_pin(around: str) -> bool:
    """Let pass what stands around the digits: nothing, or few words of which one is PIN."""
    words = _PUNCTUATION.sub(" ", around).split()
    return not words or ("pin" in words and len(words) <= WORDS_AROUND)
