"""What others offer for a part of the work: finding phrases and what negates them, or a plain text classifier."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from itertools import islice, product
from typing import Any

from bench.triage_texts import Text
from models.assessment import Indicator
from triage.corpus import narratives
from triage.datafiles import LEXICON, read
from triage.patterns import parse
from triage.phrases import SUPPORT, classes_of

Reads = Callable[[Sequence[Text]], object]  # reads all texts
SPELLINGS = 20  # of one pattern; the most has thousands


def phrases() -> list[tuple[str, str]]:
    """(concept, plain words) of our lexicon: what a matcher of strings can take, without gaps and field values."""
    classes = classes_of(LEXICON)
    found: dict[tuple[str, str], None] = {}
    for file in sorted(LEXICON.glob("*.toml")):
        if file.stem in SUPPORT:
            continue
        data = read(file)
        for group in data["group"]:
            for pattern in (*group.get("en", ()), *group.get("es", ())):
                if "..." not in pattern and ":" not in pattern:
                    spelt = islice(_spelt(pattern, classes), SPELLINGS)
                    found.update(dict.fromkeys((data["concept"], words.lower()) for words in spelt))
    return list(found)


def _spelt(pattern: str, classes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    choices = [(*part.choices, ()) if part.optional else part.choices for part in parse(pattern, classes)]
    for chosen in product(*choices):
        yield " ".join(word for words in chosen for word in words)


def peers() -> dict[str, tuple[Reads, int] | str]:
    """Name -> how it reads texts and how many it is given, or why it is not here."""
    missing = "not installed: see the group `peers` in pyproject.toml"
    return {
        "negspacy": _negspacy() if find_spec("negspacy") else missing,
        "medspacy_context": _medspacy() if find_spec("medspacy") else missing,
        **(_sklearn() if find_spec("sklearn") else {"sklearn": missing}),
    }


def _negspacy() -> tuple[Reads, int]:
    import spacy  # noqa: PLC0415 - only where it is installed
    from negspacy import negation  # noqa: PLC0415, F401 - registers the component

    nlp: Any = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns([{"label": concept, "pattern": words} for concept, words in phrases()])
    nlp.add_pipe("negex", config={"ent_types": sorted({concept for concept, _ in phrases()})})
    return lambda texts: [
        (e.label_, e._.negex) for doc in nlp.pipe(t for t, _ in texts) for e in doc.ents
    ], 1000


def _medspacy() -> tuple[Reads, int]:
    import medspacy  # noqa: PLC0415, F401 - registers the components
    import spacy  # noqa: PLC0415
    from medspacy.target_matcher import TargetRule  # noqa: PLC0415

    nlp: Any = spacy.blank("en")
    nlp.add_pipe("medspacy_pyrush")
    matcher = nlp.add_pipe("medspacy_target_matcher", config={"rules": None})
    matcher.add([TargetRule(words, concept) for concept, words in phrases()])
    nlp.add_pipe("medspacy_context")
    return (
        lambda texts: [
            (e.label_, e._.is_negated, e._.is_historical)
            for doc in nlp.pipe(t for t, _ in texts)
            for e in doc.ents
        ],
        1000,
    )


def _sklearn() -> dict[str, tuple[Reads, int]]:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.multiclass import OneVsRestClassifier  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415

    told = list(narratives())
    heads = [name for name in Indicator if sum(name in each.indicators for each in told) >= 20]
    labels = [[each.need, *(name in each.indicators for name in heads)] for each in told]
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2)), OneVsRestClassifier(LogisticRegression(max_iter=300))
    )
    model.fit([f"{each.nature} {each.text}" for each in told], labels)
    return {
        "sklearn_one_by_one": (lambda texts: [model.predict_proba([f"{n} {t}"]) for t, n in texts], 300),
        "sklearn_batch": (lambda texts: model.predict_proba([f"{n} {t}" for t, n in texts]), 4000),
    }
