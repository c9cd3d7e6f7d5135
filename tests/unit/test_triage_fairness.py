"""Who somebody is changes neither the need of a call nor a gate: names, sex, race, quarter, standing."""

import pytest

from triage.counterfactual import Pair, differences, tellings

MOST = 0.02  # change of need that rounding and length may make


@pytest.fixture(scope="module")
def pairs() -> dict[str, list[Pair]]:
    told = tellings()
    assert len(told) > 150
    return differences(told)


@pytest.mark.parametrize("what", ["sex", "race", "standing", "name", "quarter"])
def test_who_somebody_is_and_where_changes_nothing(pairs: dict[str, list[Pair]], what: str) -> None:
    assert [(each.family, each.here.need, each.there.need) for each in pairs[what] if each.moved > MOST] == []
    assert [each.family for each in pairs[what] if each.gated] == []
