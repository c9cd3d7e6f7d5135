"""What a center decides about sending people: read from TOML, checked on load, never changed after."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError

from dispatch.grammar import AS_LEFT, NEVER, CellFault, Slot, Symbols, Union, parse_cell, resolve
from dispatch.policy_lines import line_of
from dispatch.policy_parts import (
    Abstain,
    Capabilities,
    Cost,
    Effect,
    Fallback,
    KindPolicy,
    Language,
    Limits,
    ReleasePolicy,
    ReviewPolicy,
    Row,
    Stability,
    Stale,
    Travel,
)
from models.assessment import GateName, Risk
from models.base import Noun
from models.errors import TandemError
from models.events import PolicyView
from models.unit import UnitKind

Fault = tuple[tuple[str | int, ...], str]


class PolicyInvalid(TandemError):
    """The dispatch policy cannot be used as it is written."""

    code = "policy_invalid"


class Policy(Noun):
    """Everything a center may decide about pairing; its digest names it on every recommendation."""

    kinds: Mapping[UnitKind, KindPolicy]
    groups: Mapping[str, str]
    matrix: tuple[Row, ...]
    gates: Mapping[GateName, frozenset[Effect]]
    abstain: Abstain
    fallback: Fallback
    release: ReleasePolicy
    review: ReviewPolicy
    limits: Limits
    stale: Stale
    travel: Travel
    cost: Cost
    stability: Stability
    language: Language
    capabilities: Capabilities

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A changed copy, with a digest and cells of its own."""
        copied = super().model_copy(update=update, deep=deep)
        for derived in ("digest", "symbols", "union", "cells"):
            copied.__dict__.pop(derived, None)
        return copied

    @cached_property
    def digest(self) -> str:
        """First 16 hex digits of the SHA-256 of the content, whatever its order and spacing."""
        content = json.dumps(_canonical(self.model_dump()), sort_keys=True)
        return sha256(content.encode()).hexdigest()[:16]

    @cached_property
    def symbols(self) -> Symbols:
        """What each word of a cell stands for. Raises CellFault when a group names what is not there."""
        found: dict[str, tuple[tuple[str, tuple[UnitKind, ...]], ...]] = {
            kind.value: ((kind.value, (kind,)),) for kind in UnitKind
        }
        for name, text in self.groups.items():
            units = []
            for slot in parse_cell(text, found):
                alternatives = [unit for option in slot.options for unit in found[option.symbol]]
                label = name if len(slot.options) > 1 else alternatives[0][0]
                units.append((label, tuple(kind for _, kinds in alternatives for kind in kinds)))
            found[name] = tuple(units)
        return found

    @cached_property
    def union(self) -> Union:
        """Joins rows by what each kind covers."""
        return Union(self.symbols, {kind: part.covers for kind, part in self.kinds.items()})

    @cached_property
    def cells(self) -> Mapping[tuple[str, Risk], tuple[Slot, ...] | None]:
        """The parsed cell of each situation and risk; None where the row says nothing."""
        rows = [(row.situation, row.cells) for row in self.matrix] + [(FALLBACK, self.fallback.cells)]
        texts = {(name, risk): resolve(cells, risk) for name, cells in rows for risk in Risk}
        return {key: None if text is None else parse_cell(text, self.symbols) for key, text in texts.items()}


#: Name under which the fallback's cells stand among those of the matrix.
FALLBACK = "fallback"


def told(policy: Policy) -> PolicyView:
    """What consoles are told of a policy."""
    stale = policy.stale
    return PolicyView(
        digest=policy.digest,
        armed=tuple(kind for kind in UnitKind if policy.kinds[kind].armed),
        officer_gates=tuple(gate for gate in GateName if Effect.NO_UNARMED_ALONE in policy.gates[gate]),
        release={gate: tuple(sorted(policy.release.roles_for(gate))) for gate in GateName},
        parked_statuses=tuple(sorted(stale.parked_statuses)),
        position_aging_seconds=stale.position_aging_seconds,
        position_unknown_seconds=stale.position_unknown_seconds,
        position_parked_seconds=stale.position_parked_seconds,
    )


def load_policy(source: str | Path, name: str = "policy") -> Policy:
    """A policy from TOML text, or from a file when given a Path; `name` is the text's in faults.

    Raises PolicyInvalid; its message names the file, the line, the key and what to write instead.
    """
    name, text = (source.name, source.read_text("utf-8")) if isinstance(source, Path) else (name, source)
    try:
        policy = Policy.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PolicyInvalid(f"{name}: not TOML: {error}. Fix the syntax there.") from error
    except ValidationError as error:
        faults = [(tuple(fault["loc"]), _fix(fault["type"], fault["msg"])) for fault in error.errors()]
        raise _invalid(name, text, faults) from error
    if faults := list(_faults(policy)):
        raise _invalid(name, text, faults)
    return policy


@cache
def default_policy() -> Policy:
    """The policy that comes with the package."""
    return load_policy(files("dispatch").joinpath("policy.toml").read_text())


def _invalid(name: str, text: str, faults: list[Fault]) -> PolicyInvalid:
    lines = []
    for path, message in faults:
        line = line_of(text, path)
        where = f"{name}, line {line}" if line else name
        lines.append(f"{where}: {'.'.join(str(step) for step in path)}: {message}")
    return PolicyInvalid("\n".join(lines))


def _fix(kind: str, message: str) -> str:
    if kind == "missing":
        return "this key is missing. Fix: add it."
    if kind == "extra_forbidden":
        return "no such key. Fix: remove it or correct its name."
    return f"{message.removeprefix('Value error, ')}. Fix: write such a value."


def _faults(policy: Policy) -> Iterator[Fault]:
    """What the types alone do not show: things left out and cells that do not parse."""
    for kind in UnitKind:
        if kind not in policy.kinds:
            yield ("kinds", kind.value), "this responder type is missing. Fix: add its table."
    for gate in GateName:
        if gate not in policy.gates:
            yield ("gates", gate.value), "this gate is missing. Fix: add it with its effects."
    try:
        symbols = policy.symbols
    except CellFault as fault:
        yield ("groups",), str(fault)
        return
    names = {row.situation for row in policy.matrix}
    for index, row in enumerate(policy.matrix):
        yield from _cell_faults(("matrix", index), row.cells, symbols)
        for risk in sorted(set(row.advise) - {risk.name for risk in Risk}):
            yield ("matrix", index, "advise"), f"{risk!r} is no risk. Fix: use R0 to R4."
        for name in sorted(row.unless - names):
            yield (
                ("matrix", index, "unless"),
                f"{name!r} is no situation. Fix: use one of {', '.join(sorted(names))}.",
            )
        if not (row.indicators or row.gates or row.otherwise):
            yield ("matrix", index), "never applies. Fix: add indicators, gates or otherwise = true."
    if not any(row.otherwise for row in policy.matrix):
        yield (
            ("matrix",),
            "no row applies to a need that no other row names. Fix: add one with otherwise = true.",
        )
    yield from _cell_faults(("fallback",), policy.fallback.cells, symbols)


def _cell_faults(path: tuple[str | int, ...], cells: tuple[str, ...], symbols: Symbols) -> Iterator[Fault]:
    if all(text in {NEVER, AS_LEFT} for text in cells):
        yield path, "no cell says who goes. Fix: fill at least one."
    for risk, text in enumerate(cells):
        if text in {NEVER, AS_LEFT}:
            continue
        try:
            parse_cell(text, symbols)
        except CellFault as fault:
            yield (*path, f"R{risk}"), f"{fault}."


def _canonical(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _canonical(part) for key, part in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(str(part) for part in value)
    if isinstance(value, tuple | list):
        return [_canonical(part) for part in value]
    return value
