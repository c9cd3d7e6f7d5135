"""The wire, byte for byte: what the console's tests read is what this service writes.

TANDEM_GOLDEN=write makes the files anew; look at the difference before you commit it.
"""

import json
import os
import subprocess
import typing
from datetime import UTC, date, datetime

import orjson
import pytest

from models import events
from models.alert import AlertView
from models.call import CallView
from models.events import BaseEvent, CountsView, Event, parse_event
from models.outcome import Count, Counter
from models.recommendation import UnservedCode
from models.unit import UnitView
from tests.process import TANDEM
from tests.service import ROOT, Json

GOLDEN = ROOT / "tests" / "golden" / "events"
AT = datetime(2026, 3, 4, 22, 14, 3, 120000, tzinfo=UTC)
CALL = CallView.model_validate_json((ROOT / "tests" / "golden" / "call.json").read_text(encoding="utf-8"))
UNIT = UnitView.model_validate(
    {
        "id": "CRT-1", "agency": "crisis", "kind": "CRT", "crew": [{"role": "clinician", "name": "Ada"}],
        "capabilities": ["lang:es"], "status": "EnRoute", "primary": "NotAvailable", "status_at": AT, "lat": 39.165,
        "lon": -86.5264, "position_at": AT, "shift_ends_at": None, "call_id": CALL.id,
        "hold": "received", "staged": True,
    }
)  # fmt: skip
ALERT = AlertView.model_validate(
    {
        "id": "01a20946-75fd-782e-af3c-f1c46bca1050", "code": "DANGER_AFTER_ACCEPT", "tier": 1, "call_id": CALL.id,
        "reasons": [{"code": "NEW_GATE", "params": {"gate": "G1", "reason": "WEAPON_IN_HAND"}}], "count": 2,
        "raised_at": AT,
    }
)  # fmt: skip
COUNTS = CountsView(
    day=date(2026, 3, 4),
    diversions={counter: Count(provisional=3, confirmed=2, reversed=1) for counter in Counter},
    unserved={UnservedCode.NO_UNIT: 4, UnservedCode.NOT_DECIDED: 1},
    waiting={UnservedCode.NO_UNIT: 2},
)
NOUNS: Json = {"call": CALL, "unit": UNIT, "alert": ALERT, "counts": COUNTS}
MORE: Json = {"what": ("entry", "nature"), "gate": "G2"}
CLASSES: tuple[type[BaseEvent], ...] = typing.get_args(typing.get_args(Event)[0])


def built(kind: type[BaseEvent]) -> bytes:
    """One event of fixed values, as its frame goes to consoles, indented for people."""
    fields = {name: value for name, value in (NOUNS | MORE).items() if name in kind.model_fields}
    if kind is events.DecisionProgressed:
        fields["what"] = "reconfirm"
    event = kind.model_validate(
        {"epoch": "7400000000000000001.16384.1.1", "seq": 42, "at": AT, "by": "d.ortiz", **fields}
    )
    return orjson.dumps(event.model_dump(mode="json"), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def name_of(kind: type[BaseEvent]) -> str:
    """The literal of an event's type."""
    return str(kind.model_fields["type"].default)


@pytest.mark.parametrize("kind", CLASSES, ids=name_of)
def test_an_event_is_written_as_it_always_was(kind: type[BaseEvent]) -> None:
    file = GOLDEN / f"{name_of(kind)}.json"
    if os.environ.get("TANDEM_GOLDEN") == "write":
        file.write_bytes(built(kind))
    assert built(kind) == file.read_bytes(), (
        "the wire changed: a published event may only gain an optional field"
    )


@pytest.mark.parametrize("kind", CLASSES, ids=name_of)
def test_an_event_is_read_back_as_what_was_written(kind: type[BaseEvent]) -> None:
    event = parse_event.validate_json((GOLDEN / f"{name_of(kind)}.json").read_bytes())
    assert type(event) is kind
    assert json.loads(built(kind)) == event.model_dump(mode="json")


def test_every_event_has_its_file_and_every_file_is_an_event() -> None:
    assert sorted(file.stem for file in GOLDEN.glob("*.json")) == sorted(map(name_of, CLASSES))
    told = {
        value for value in vars(events).values() if isinstance(value, type) and issubclass(value, BaseEvent)
    }
    assert told - {BaseEvent} == set(CLASSES)


def test_the_console_is_built_for_this_services_document() -> None:
    printed = subprocess.run([TANDEM, "openapi"], capture_output=True, check=True, text=True).stdout
    assert json.loads((ROOT / "console_ui" / "openapi.json").read_text(encoding="utf-8")) == json.loads(
        printed
    )
