"""The grammar of the decision matrix: cells of text become compositions of responders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from models.unit import UnitKind

NEVER = "-"
AS_LEFT = ".."
USUAL = "usual"
SLOT_TAGS = frozenset({"staged", "optional"})
SKILL_TAGS = frozenset({"als", "youth"})


class CellFault(ValueError):
    """A cell does not follow the grammar; the text says what and what to write instead."""


@dataclass(frozen=True, slots=True)
class Option:
    """One symbol of a cell (a kind or a group) with what it asks of the unit."""

    symbol: str
    skills: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return ":".join((self.symbol, *sorted(self.skills)))


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a response: any one of its options, in order of preference."""

    options: tuple[Option, ...]
    step: int = 0  # later steps come after `then`: wanted, not required
    staged: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A place in a composition that one unit of one of these kinds fills."""

    symbol: str
    kinds: tuple[UnitKind, ...]
    skills: frozenset[str] = frozenset()
    step: int = 0
    staged: bool = False
    optional: bool = False

    @property
    def required(self) -> bool:
        """A composition without it is not complete."""
        return not self.optional and self.step == 0

    def __str__(self) -> str:
        tags = sorted(self.skills) + [tag for tag in ("staged", "optional") if getattr(self, tag)]
        return ":".join((self.symbol, *tags))


@dataclass(frozen=True, slots=True)
class Composition:
    """Parts that make one response; `preference` counts how far down the `/` lists it stands."""

    parts: tuple[Part, ...]
    preference: int = 0
    asked: frozenset[UnitKind] = frozenset()  # kinds other than police and EMS that its cell names

    def __str__(self) -> str:
        steps = sorted({part.step for part in self.parts})
        return " then ".join(" + ".join(str(p) for p in self.parts if p.step == step) for step in steps)


#: What a symbol stands for: one list of kinds for each unit it needs.
Symbols = Mapping[str, tuple[tuple[str, tuple[UnitKind, ...]], ...]]


def parse_cell(text: str, symbols: Symbols) -> tuple[Slot, ...]:
    """Read one cell other than `-` and `..`; `/` binds tighter than `+`, `+` tighter than `then`.

    Raises CellFault naming the symbol or tag that is not known. `usual` alone yields no slot.
    """
    slots: list[Slot] = []
    for step, together in enumerate(f" {text} ".split(" then ")):
        for either in together.split("+"):
            words = [word.strip() for word in either.split("/")]
            if words == [USUAL]:
                continue
            slots.append(_slot(words, step, text, symbols))
    return tuple(slots)


def _slot(words: Sequence[str], step: int, text: str, symbols: Symbols) -> Slot:
    options: list[Option] = []
    tags: set[str] = set()
    for word in words:
        symbol, *given = word.split(":")
        if symbol not in symbols:
            raise CellFault(
                f"{symbol!r} in {text!r} is no responder type or group; use one of {', '.join(symbols)}"
            )
        if unknown := set(given) - SLOT_TAGS - SKILL_TAGS:
            known = ", ".join(sorted(SLOT_TAGS | SKILL_TAGS))
            raise CellFault(f"tag {min(unknown)!r} in {text!r} is not known; use one of {known}")
        tags |= set(given) & SLOT_TAGS
        options.append(Option(symbol, frozenset(given) & SKILL_TAGS))
    return Slot(tuple(options), step, staged="staged" in tags, optional="optional" in tags)


def resolve(cells: Sequence[str], index: int) -> str | None:
    """The cell that holds at a risk: `..` reads leftwards; `-` that occurs all the same reads rightwards.

    None when no cell to the right says anything either.
    """
    while cells[index] == AS_LEFT and index > 0:
        index -= 1
    for text in cells[index:]:
        if text not in {NEVER, AS_LEFT}:
            return text
    return None


def compositions(slots: Sequence[Slot], symbols: Symbols, limit: int = 24) -> tuple[Composition, ...]:
    """Every way to choose one option a slot, most preferred first; at most `limit`."""
    ways = sorted(product(*(range(len(slot.options)) for slot in slots)), key=lambda way: (sum(way), way))
    found: list[Composition] = []
    for way in ways[:limit]:
        parts: list[Part] = []
        for slot, chosen in zip(slots, way, strict=True):
            parts.extend(_parts(slot, slot.options[chosen], symbols))
        found.append(Composition(tuple(parts), sum(way)))
    return tuple(found)


def _parts(slot: Slot, option: Option, symbols: Symbols) -> list[Part]:
    units = symbols[option.symbol]
    return [Part(name, kinds, option.skills, slot.step, slot.staged, slot.optional) for name, kinds in units]


class Union:
    """Joins the slots of several rows: one unit for two slots where its type covers both."""

    def __init__(self, symbols: Symbols, covers: Mapping[UnitKind, frozenset[UnitKind]]) -> None:
        self._symbols = symbols
        self._covers = covers
        self._memo: dict[tuple[str, str], bool] = {}

    def of(self, rows: Sequence[Sequence[Slot]]) -> tuple[Slot, ...]:
        """One list of slots that satisfies every row, most cautious where they differ."""
        joined: list[Slot] = []
        for row in rows:
            free = list(range(len(joined)))
            for slot in row:
                best = self._partner(joined, free, slot)
                if best is None:
                    joined.append(slot)
                else:
                    free.remove(best)
                    joined[best] = self._merged(joined[best], slot)
        return tuple(joined)

    def _partner(self, joined: Sequence[Slot], free: Sequence[int], slot: Slot) -> int | None:
        shared = {option.symbol for option in slot.options}
        for index in free:
            if shared & {option.symbol for option in joined[index].options}:
                return index
        for index in free:
            if self._options(joined[index], slot):
                return index
        return None

    def _merged(self, one: Slot, other: Slot) -> Slot:
        staged = one.staged or other.staged
        if any(option.symbol == UnitKind.EMS for option in one.options):
            staged = (
                one.staged and other.staged
            )  # a medic who is needed now does not wait for another row's sake
        return replace(
            one,
            options=self._options(one, other),
            step=min(one.step, other.step),
            staged=staged,
            optional=one.optional and other.optional,
        )

    def _options(self, one: Slot, other: Slot) -> tuple[Option, ...]:
        kept: dict[str, Option] = {}
        for mine, theirs in ((one, other), (other, one)):
            for option in mine.options:
                met = [o for o in theirs.options if self._stands_for(option.symbol, o.symbol)]
                if met:
                    skills = option.skills.union(*(o.skills for o in met if o.symbol == option.symbol))
                    kept.setdefault(option.symbol, replace(option, skills=skills))
        return tuple(kept.values())

    def _stands_for(self, one: str, other: str) -> bool:
        """Units of symbol `one` do everything that symbol `other` asks for."""
        key = (one, other)
        if key not in self._memo:
            mine = [kinds for _, kinds in self._symbols[one]]
            self._memo[key] = one == other or all(
                any(all(self._able(kind, wanted) for kind in kinds) for kinds in mine)
                for _, wanted in self._symbols[other]
            )
        return self._memo[key]

    def _able(self, kind: UnitKind, wanted: tuple[UnitKind, ...]) -> bool:
        return kind in wanted or not self._covers[kind].isdisjoint(wanted)
