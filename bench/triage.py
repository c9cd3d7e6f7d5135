"""How fast a call is read, beside the floor (its words alone) and beside what others offer for a part of the work.

    python -m bench.triage --json

Everything in processor time of one core, so that other work on the machine disturbs little; the best of three rounds.
Texts are of our own corpus, cut to the lengths of a real log. The floor is our reader's words, without any meaning.
negspaCy and medspaCy (ConText) get our lexicon as plain strings and find phrases and negations; scikit-learn's
pipeline gives probabilities without a reason. Both are less than an assessment. Last, the worst megabytes we know.
"""

import argparse
import gc
import time
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import orjson
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from bench.figures import quantile
from bench.triage_peers import Reads, peers
from bench.triage_texts import Text, short, whole, worst
from triage.assess import assess, assess_many
from triage.phrases import lexicon

screen = Console(stderr=True)
ROUNDS = 3
WISHED = {"single_p99_ms": "<= 2", "many_per_s": ">= 3,000", "worst_ms": "<= 250"}


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Processor seconds of the quickest round."""
    took = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return min(took)


def per_second(reads: Reads, texts: Sequence[Text]) -> float:
    """Calls a second of one core."""
    return round(len(texts) / seconds(lambda: reads(texts)), 1)


def each_alone(texts: Sequence[Text]) -> list[float]:
    """Milliseconds of every call read by itself, the quickest of three."""
    took = []
    for text, nature in texts:
        times = []
        for _ in range(ROUNDS):
            began = time.thread_time()
            assess(text, nature)
            times.append(time.thread_time() - began)
        took.append(min(times) * 1000)
    return took


def words_alone(texts: Sequence[Text]) -> None:
    """The floor."""
    tokens = lexicon().reader.tokens
    for text, _ in texts:
        tokens(text)


def figures(step: Callable[[str], object]) -> dict[str, Any]:
    """All of them; step is told what comes next."""
    calls, long = short(), whole()
    step("warming up")
    assess_many(long)
    step("calls one by one")
    single = each_alone(calls)
    step("calls by the hundred")
    many = per_second(assess_many, calls)
    found: dict[str, Any] = {
        "single_p50_ms": round(quantile(single, 0.5), 3),
        "single_p99_ms": round(quantile(single, 0.99), 3),
        "many_per_s": many,
        "floor_per_s": per_second(words_alone, calls),
        "whole_many_per_s": per_second(assess_many, long),
        "whole_floor_per_s": per_second(words_alone, long),
    }
    step("peers")
    found["peers"] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs
        for name, peer in peers().items():
            step(name)
            found["peers"][name] = peer if isinstance(peer, str) else per_second(peer[0], calls[: peer[1]])
    found["worst"] = {}
    for name, text in worst().items():
        step(f"a megabyte: {name}")
        found["worst"][name] = round(seconds(partial(assess, text)) * 1000)
    return found | {"worst_ms": max(found["worst"].values())}


def table(found: dict[str, Any]) -> Table:
    """The figures for people."""
    shown = Table(box=None, padding=(0, 2))
    for name in ("", "", "wished", "an assessment is"):
        shown.add_column(name, justify="right" if name else "left")
    for name, value in found.items():
        if isinstance(value, dict):
            continue
        shown.add_row(name, f"{value:,}", WISHED.get(name, ""), "")
    for name, value in found["peers"].items():
        ratio = "" if isinstance(value, str) else f"{found['many_per_s'] / value:.2f} x as fast"
        shown.add_row(name, value if isinstance(value, str) else f"{value:,} /s", "", ratio)
    for name, value in found["worst"].items():
        shown.add_row(f"1 MB: {name}", f"{value:,} ms", "", "")
    return shown


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.triage",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="end with one JSON line")
    options = parser.parse_args()
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
        bar = progress.add_task("")

        def step(what: str) -> None:
            gc.collect()  # what one part leaves behind is not the next one's
            progress.update(bar, description=what)

        found = figures(step)
    screen.print(table(found))
    if options.json:
        print(orjson.dumps(found).decode())


if __name__ == "__main__":
    main()
