"""What a policy says in words: everything in it is said, so a changed value is a changed sentence."""

from collections.abc import Iterator
from typing import Any

import pytest

from api.policies import packaged
from api.policy_words import differing, in_words
from dispatch.policy import Policy, default_policy, load_policy

DEFAULT = default_policy()
Path = tuple[str | int, ...]


def numbers(value: Any, path: Path = ()) -> Iterator[Path]:
    """Where the numbers and the yes-or-no of a policy stand."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from numbers(part, (*path, key))
    elif isinstance(value, list | tuple):
        for key, part in enumerate(value):
            yield from numbers(part, (*path, key))
    elif isinstance(value, bool | int | float):
        yield path


def told(policy: Policy) -> str:
    return "\n".join(line for part in in_words(policy) for line in (part.heading, *part.lines))


def changed(path: Path) -> Policy:
    """The packaged policy with one value changed, unchecked: only its words are asked for."""

    def inner(value: Any, rest: Path) -> Any:
        if not rest:
            return not value if isinstance(value, bool) else value + 1
        step, *more = rest
        if isinstance(value, dict):
            return {**value, step: inner(value[step], tuple(more))}
        if isinstance(value, tuple):
            return tuple(inner(v, tuple(more)) if n == step else v for n, v in enumerate(value))
        return value.model_copy(update={step: inner(getattr(value, str(step)), tuple(more))})

    return inner(DEFAULT, path)  # type: ignore[no-any-return]


@pytest.mark.parametrize("path", list(numbers(DEFAULT.model_dump())), ids=str)
def test_another_value_is_another_sentence(path: Path) -> None:
    assert told(changed(path)) != told(DEFAULT)


def test_every_cell_of_the_matrix_is_said() -> None:
    said = told(DEFAULT)
    assert "R2: TEL and (CRT or else TRI)" in said
    assert "R3: police and (TRI waiting outside or else COR waiting outside) and TEL" in said
    assert "R1: PSW and what other rows ask for" in said
    assert "R3: as one risk lower" in said


def test_what_differs_is_told_once_for_each_policy_and_nothing_else() -> None:
    new = load_policy(packaged().replace("rest_minutes = 0", "rest_minutes = 20"))
    assert differing(DEFAULT, DEFAULT) == []
    assert differing(DEFAULT, new) == [
        "- Limits: A team rests 0 minutes after its last call.",
        "+ Limits: A team rests 20 minutes after its last call.",
    ]
