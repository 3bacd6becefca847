"""Which language a text is in, by its script and by a few words. No more than search by language needs."""

import regex

# X's codes: iw for Hebrew, und for undecided, zxx for no words at all.
_SCRIPTS = (
    ("ja", regex.compile(r"[\p{Hiragana}\p{Katakana}]")),
    ("zh", regex.compile(r"\p{Han}")),
    ("ko", regex.compile(r"\p{Hangul}")),
    ("ar", regex.compile(r"\p{Arabic}")),
    ("iw", regex.compile(r"\p{Hebrew}")),
    ("uk", regex.compile(r"[іїєґ]", regex.IGNORECASE)),
    ("ru", regex.compile(r"\p{Cyrillic}")),
    ("el", regex.compile(r"\p{Greek}")),
    ("hi", regex.compile(r"\p{Devanagari}")),
    ("th", regex.compile(r"\p{Thai}")),
)
_WORDS = {
    "de": frozenset("der die das und ist nicht ein eine ich wir mit für auf guten morgen".split()),  # noqa: SIM905
    "fr": frozenset("le les des et est une dans pour je nous avec bonjour vous pas".split()),  # noqa: SIM905
    "es": frozenset("el los las y es una para por que con hola buenos muy estoy".split()),  # noqa: SIM905
    "it": frozenset("il gli di è una per che con non sono ciao buongiorno".split()),  # noqa: SIM905
    "pt": frozenset("o os uma para que com não é você bom dia obrigado".split()),  # noqa: SIM905
    "nl": frozenset("de het een en van is niet ik wij met voor goedemorgen".split()),  # noqa: SIM905
}
# Names, tags and words with digits in them say nothing of a language.
_WORD = regex.compile(r"(?<![\p{L}\p{N}_@#])\p{L}+(?![\p{L}\p{N}_])")


def language(text: str) -> str:
    """Return the code X would give, English where nothing else is clear."""
    words = [word.lower() for word in _WORD.findall(text)]
    if not words:
        return "zxx"
    for code, script in _SCRIPTS:
        if script.search(text):
            return code
    known = {code: sum(word in common for word in words) for code, common in _WORDS.items()}
    best = max(known, key=lambda code: known[code])
    return best if known[best] >= 2 else "en"
