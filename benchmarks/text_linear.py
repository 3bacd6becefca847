"""Whether reading a text takes time in proportion to its length, however hostile it is.

Run as `python -m benchmarks.text_linear [characters]`. Prints one line per text: the processor time for all
of it and how many times longer that is than for half of it; fails above RATIO, which a quadratic step would
pass.
"""

import sys
import time
from collections.abc import Callable, Iterator

from twitter.tags import cashtags, hashtags, mentions
from twitter.text import normalise, weigh
from twitter.urls import is_url

RATIO = 2.6  # twice the text may take twice the time, and some noise
NOISE = 0.01  # seconds; below that a ratio says nothing
TRIALS = 5

# What comes first, and what is repeated behind it.
TEXTS = {
    "prose": ("", "A plain sentence about feathers, and https://example.com/a_(b)?c=d at its end. "),
    "one-letter labels": ("", "a."),
    "known endings": ("", "com."),
    "underscored labels": ("", "a_b.com."),
    "labels ending badly": ("", "a._"),
    "hyphens": ("", "a-"),
    "dots": ("", "."),
    "one long label": ("", "a"),
    "at signs": ("", "@"),
    "mentions": ("", "rt@a "),
    "schemes": ("", "http://"),
    "schemes in words": ("", "日http://"),
    "scheme tails": ("", "://"),
    "schemes and labels": ("", "http://日本."),
    "one long foreign label": ("http://", "日"),
    "foreign hosts": ("", f"http://{'日' * 50}.com "),
    "foreign hosts that grow": ("", "http://" + "\ufdfa" * 63 + ".com "),
    "foreign endings": ("", "é.みんなé"),
    "punycode": ("", "xn--a."),
    "many links": ("", "x.co "),
    "short links": ("", "http://t.co/a "),
    "open parentheses": ("", "("),
    "open parentheses in a path": ("x.co/", "("),
    "closed parentheses in a path": ("x.co/", "(a)"),
    "half-closed parentheses in a path": ("x.co/", "(a(b)"),
    "links in open parentheses": ("", "x.co/(a"),
    "a path of full stops": ("x.co/", "."),
    "a query of exclamation marks": ("x.co?", "!"),
    "paths that go back": ("", "x.co/....?!!!! "),
    "marks out of order": ("a", "\u0301\u0316"),
    "marks made of marks": ("a", "\u0f73"),
    "marks in order": ("a", "\u0301"),
    "joined people": ("", "👨\u200d"),
    "joined hearts": ("", "👩🏽\u200d❤️\u200d"),
    "joiners": ("", "\u200d"),
    "selectors": ("", "1\ufe0f"),
    "half flags": ("", "🇩"),
    "tags": ("", "🏴\U000e0067"),
    "hashtags of digits": ("", "#1"),
    "one long hashtag": ("#", "1"),
    "cashtags": ("", "$A "),
    "refused characters": ("", "\ufeff"),
}
READERS: tuple[Callable[[str], object], ...] = (normalise, weigh, mentions, hashtags, cashtags, is_url)


def seconds(half: str, whole: str) -> tuple[float, float]:
    """Take the best time of a few trials for each, in turn, so that a slow moment meets both."""
    trials = [(_once(half), _once(whole)) for _ in range(TRIALS)]
    return min(half for half, _ in trials), min(whole for _, whole in trials)


def _once(text: str) -> float:
    start = time.process_time()
    for read in READERS:
        read(text)
    return time.process_time() - start


def measured(size: int) -> Iterator[tuple[str, float, float]]:
    """Measure every text: its name, the time for `size` characters, and that by the time for half as many."""
    for name, (head, part) in TEXTS.items():
        text = (head + part * (size // len(part) + 1))[:size]
        half, whole = seconds(text[: size // 2], text)
        yield name, whole, whole / half if whole > NOISE else 1.0


def main() -> int:
    """Print the table; 1 if a text took too long for its length."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    failed = False
    for name, whole, ratio in measured(size):
        failed |= ratio > RATIO
        verdict = "  NOT LINEAR" if ratio > RATIO else ""
        print(f"{name:36} {size:>8} characters  {whole:6.3f} s  x {ratio:4.2f}{verdict}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
