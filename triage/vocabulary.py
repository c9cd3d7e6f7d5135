"""Which words nothing here knows: when their share rises, people speak in a way that nobody has taught the engine."""

from collections.abc import Iterable
from functools import cache

from triage.classifier import Classifier, classifier
from triage.normalize import Token
from triage.overlay import Overlay
from triage.phrases import lexicon

WORD = "w:"  # how the classifier names the feature of a word


@cache
def vocabulary() -> frozenset[str]:
    """Words of the lexicon's patterns, abbreviations with what they stand for, and words that have weights."""
    book, fitted = lexicon(), classifier()
    short = {word for choices in book.forms.values() for form in choices for word in form.to}
    rows = fitted.rows if isinstance(fitted, Classifier) else ()
    weighed = {name.removeprefix(WORD) for name in rows if name.startswith(WORD)}
    return frozenset({*book.trie.words, *book.forms, *short, *weighed})


def unknown_in(tokens: Iterable[Token], overlay: Overlay | None) -> int:
    """How many of the words are unknown; what begins with a digit is a number. O(words)."""
    known, own = vocabulary(), overlay.book.trie.words if overlay else ()
    return sum(
        token.norm not in known and not token.norm[:1].isdigit() and token.norm not in own for token in tokens
    )
