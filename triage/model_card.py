"""The model card as a page: what for, what never for, data, scores."""

from collections.abc import Mapping
from typing import Any


def interval(share: Mapping[str, float] | None) -> str:
    """A share with its interval, or a dash where nothing was there to count."""
    if share is None or share["value"] is None:
        return "-"
    return f"{share['value']:.3f} ({share['low']:.2f} to {share['high']:.2f})"


def plain(value: float | None) -> str:
    """Three digits."""
    return "-" if value is None else f"{value:.3f}"


def cell(text: str) -> str:
    """A text that parts no table."""
    return text.replace("|", "/")


def page(card: Mapping[str, Any]) -> str:
    """Markdown of the whole page."""
    scores = card["scores"]
    rows = [
        f"| {name} | {each['narratives']} | {interval(each['precision'])} | {interval(each['recall'])} |"
        for name, each in scores["indicators"].items()
    ]
    parts = [
        f"| {name} | {each['narratives']} | {plain(each['auroc'])} | {plain(each['flag_f1'])} |"
        f" {plain(each['needs_f1'])} |"
        for name, each in scores["parts"].items()
    ]
    noise = [
        f"| {name} | {plain(each['auroc'])} | {plain(each['flag_f1'])} |"
        for name, each in scores["noise"].items()
    ]
    fairness = [
        f"| {what} | {each['pairs']:,} | {each['largest']:.3f} | {each['gates']} |"
        for what, each in scores["fairness"].items()
    ]
    failures = [
        f"| {'yes' if each['need'] else 'no'} | {each['said']:.2f} | {cell(each['nature'])} | {cell(each['text'])} |"
        for each in card.get("failures", ())
    ]
    return TEXT.format(
        digest=card["digest"], lexicon=card["lexicon"], trained=card["narratives"], tested=scores["narratives"],
        libraries=", ".join(f"{name} {version}" for name, version in card.get("libraries", {}).items()),
        threshold=card["threshold"], auroc=interval(scores["auroc"]), ece=plain(scores["calibration_error"]),
        precision=interval(scores["flag"]["precision"]), recall=interval(scores["flag"]["recall"]),
        f1=plain(scores["flag"]["f1"]), keywords=plain(scores["keywords"]["f1"]), needs=plain(scores["needs_f1"]),
        dangers=interval(scores["dangers_exact"]), indicators="\n".join(rows), parts="\n".join(parts),
        noise="\n".join(noise), fairness="\n".join(fairness), failures="\n".join(failures),
    )  # fmt: skip


TEXT = """# Model card: the need classifier

Written by `make train` (`python -m triage.evaluate`). Weights {digest}, rules {lexicon}.

## What it is for
It says how likely it is that a clinician in the 911 centre should look at a call (need, 0 to 1), and which needs the
call speaks of. The phrases that rules found are its strongest evidence and are shown with the quoted words. It orders
a clinician's attention; a person decides.

## What it must never be used for
It never opens or clears a safety gate, never lowers a risk, never refuses or delays a response: weapons, violence and
medical dangers are read by rules whose every word can be seen. It is no diagnosis, says nothing about a person beyond
this call, and is not to be used to rank people, neighbourhoods, callers or dispatchers.

## How it works
Logistic regressions over the words of the call (single, neighbouring, beginnings), the call type, what the rules found
and the rules' own log-odds. Numbers are read by their length alone, so no telephone, plate or address is learnt. Each
head is calibrated on families that it had not seen; an indicator's best threshold lies at 0.5. Weights are whole steps
of 1/512 in a plain array; nothing in the file is executed. If the file is not what its card says, the rules decide
alone and every console says so.

## Data
{trained} narratives of our own and one variant of most of them (other case, slips of the hand, abbreviations, cut at 65
characters). None is a real call. Whole families were held out for testing: {tested} narratives. They were written to be
hard: most needs are told without the words that keyword rules look for, and a quarter of the other calls have such
words in another role. The share of needs in it is about one half; in a city's log it is one in five to eight.
Fitted with {libraries}.

## Scores on the held-out families
| | |
|---|---|
| need, area under the ROC curve | {auroc} |
| need, expected calibration error | {ece} |
| flag from {threshold}: precision | {precision} |
| flag: recall | {recall} |
| flag: F1 | {f1} |
| the same by substring keywords: F1 | {keywords} |
| needs, micro-F1 | {needs} |
| dangers, whole set exactly right | {dangers} |

| indicator | narratives | precision (95%) | recall (95%) |
|---|---:|---:|---:|
{indicators}

| part | narratives | AUROC | flag F1 | needs F1 |
|---|---:|---:|---:|---:|
{parts}

| every text written in another way | AUROC | flag F1 |
|---|---:|---:|
{noise}

## Fairness
The same narrative with another name, sex, race, quarter or standing of the person it is about, read twice. Names, races
and the like step aside before anything is read, so this holds as far as their lists do.

| changed | pairs | largest change of need | another gate |
|---|---:|---:|---:|
{fairness}

## Where it fails
The surest mistakes about need, by classifiers that had not seen the narrative's family; none is a real call. What
people merely see, with no word of distress, is missed; odd but well people are taken for a need.

| need | said | nature | text |
|---|---:|---|---|
{failures}
"""
