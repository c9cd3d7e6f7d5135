"""Scores the engine on the families that were held out, and writes card and page: python -m triage.evaluate."""

import argparse
import random
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from models.assessment import Assessment, Indicator
from triage.assess import assess_entries
from triage.augment import WAYS
from triage.classifier import ARTIFACTS, CARD, use
from triage.corpus import Narrative, narratives
from triage.counterfactual import Pair, differences, tellings
from triage.measures import auroc, auroc_interval, calibration, f1, share
from triage.model_card import page

PAGE = Path(__file__).parents[1] / "docs" / "model-card.md"

#: What keyword rules of a CAD look for, anywhere in nature and text: the baseline.
KEYWORDS = re.compile(
    r"suicid|kill (him|her|my)self|mental|psych|schizo|bipolar|voices|halluc|delusion|paranoi|depress|anxiety|"
    r"off (his|her|their)? ?meds|homeless|transient|camp|panhandl|intox|drunk|hbd|overdos|\bod\b|narcan|welfare|"
    r"check (on|well)|dement|alzheim|autis|domestic|runaway|5150|crisis|crying|sleeping|passed out|unrespons|"
    r"suicida|borracho|oye voces|violencia",
    re.IGNORECASE,
)


class Scored(NamedTuple):
    """One narrative and what the engine says of it."""

    told: Narrative
    found: Assessment

    @property
    def asserted(self) -> frozenset[Indicator]:
        return frozenset(
            name for name, finding in self.found.indicators.items() if finding.probability >= 0.5
        )


def scored(rows: Sequence[Narrative]) -> list[Scored]:
    """Assessments of all rows."""
    return [Scored(row, assess_entries(row.entries, row.nature)) for row in rows]


def figures(rows: Sequence[Scored]) -> dict[str, Any]:
    """Every score of a set."""
    truth = [row.told.need for row in rows]
    need = [row.found.need for row in rows]
    return {
        "narratives": len(rows),
        "auroc": auroc_interval(truth, need)._asdict(),
        "calibration_error": calibration(truth, need),
        "flag": flags(rows, lambda row: row.found.flag),
        "keywords": flags(rows, lambda row: bool(KEYWORDS.search(f"{row.told.nature} {row.told.text}"))),
        "needs_f1": needs_f1(rows),
        "dangers_exact": share(
            sum(
                row.told.dangers == {name: found.assertion for name, found in row.found.dangers.items()}
                for row in rows
            ),
            len(rows),
        )._asdict(),
        "indicators": {
            name.value: indicator(rows, name) for name in Indicator if name != Indicator.REPEAT_CONTACT
        },
        "parts": {part: part_of(rows, part) for part in sorted({row.told.part for row in rows})},
        "noise": {way.__name__: noisy(rows, way) for way in WAYS},
        "fairness": {what: fairness(pairs) for what, pairs in differences(tellings()).items()},
    }


def fairness(pairs: Sequence[Pair]) -> dict[str, Any]:
    """How far readings of the same narrative about somebody else differ."""
    return {
        "pairs": len(pairs),
        "largest": max(pair.moved for pair in pairs),
        "gates": sum(pair.gated for pair in pairs),
    }


def flags(rows: Sequence[Scored], said: Callable[[Scored], bool]) -> dict[str, Any]:
    """Precision, recall and F1 of flags."""
    hits = sum(said(row) and row.told.need for row in rows)
    told, true = sum(map(said, rows)), sum(row.told.need for row in rows)
    return {
        "precision": share(hits, told)._asdict(),
        "recall": share(hits, true)._asdict(),
        "f1": f1(hits, told, true),
    }


def needs_f1(rows: Sequence[Scored]) -> float:
    """Micro-F1 over all indicators."""
    hits = sum(len(row.asserted & row.told.indicators) for row in rows)
    return f1(hits, sum(len(row.asserted) for row in rows), sum(len(row.told.indicators) for row in rows))


def indicator(rows: Sequence[Scored], name: Indicator) -> dict[str, Any]:
    """Precision and recall of one indicator."""
    said = [name in row.asserted for row in rows]
    true = [name in row.told.indicators for row in rows]
    hits = sum(a and b for a, b in zip(said, true, strict=True))
    return {
        "precision": share(hits, sum(said))._asdict(),
        "recall": share(hits, sum(true))._asdict(),
        "narratives": sum(true),
    }


def part_of(rows: Sequence[Scored], part: str) -> dict[str, Any]:
    """The most important scores of one part of the corpus."""
    mine = [row for row in rows if row.told.part == part]
    truth, need = [row.told.need for row in mine], [row.found.need for row in mine]
    return {
        "narratives": len(mine),
        "auroc": auroc(truth, need),
        "flag_f1": flags(mine, lambda row: row.found.flag)["f1"],
        "needs_f1": needs_f1(mine),
    }


def noisy(rows: Sequence[Scored], way: Callable[..., str]) -> dict[str, float]:
    """The scores when every text is written in another way."""
    chance = random.Random(1)  # noqa: S311 - the same slips every time
    other = [
        row.told._replace(
            entries=tuple(
                each.model_copy(update={"text": way(each.text, chance)}) for each in row.told.entries
            )
        )
        for row in rows
    ]
    again = scored(other)
    return {
        "auroc": auroc([row.told.need for row in again], [row.found.need for row in again]),
        "flag_f1": flags(again, lambda row: row.found.flag)["f1"],
    }


def main() -> None:
    """Score, write the card and the page."""
    parser = argparse.ArgumentParser(prog="python -m triage.evaluate", description=__doc__)
    parser.add_argument("--page", type=Path, default=PAGE, help="where to write the page (default: docs)")
    parser.add_argument(
        "--artifacts", type=Path, default=ARTIFACTS, help="what to score (default: the package's)"
    )
    options = parser.parse_args()
    use(options.artifacts)
    scores = figures(scored([each for each in narratives() if each.held_out]))
    file = options.artifacts / CARD
    card: Mapping[str, Any] = orjson.loads(file.read_bytes()) | {"scores": scores}
    file.write_bytes(orjson.dumps(card, option=orjson.OPT_INDENT_2) + b"\n")
    options.page.write_text(page(card), encoding="utf-8")
    print(f"AUROC {scores['auroc']['value']:.3f}, flag F1 {scores['flag']['f1']:.3f} (keywords "
          f"{scores['keywords']['f1']:.3f}), needs F1 {scores['needs_f1']:.3f}, dangers exact "
          f"{scores['dangers_exact']['value']:.3f}, calibration error {scores['calibration_error']:.3f}")  # fmt: skip


if __name__ == "__main__":
    main()
