"""Assesses lines of JSON, for people who want the engine without the service."""

from itertools import islice
from typing import Any, TextIO

import orjson

from triage.assess import assess_many

AT_ONCE = 256


def score_lines(source: TextIO, into: TextIO) -> None:
    """Read one call a line, write its id and assessment a line, in order; a line that is no call says so."""
    while lines := list(islice(source, AT_ONCE)):
        read = [call_in(line) for line in lines if line.strip()]
        fit = [(call["narrative"], call["nature"]) for call in read if "error" not in call]
        assessments = iter(assess_many(fit))
        for call in read:
            result: dict[str, Any] = {"id": call.get("id")}
            if "error" in call:
                result["error"] = call["error"]
            else:
                result |= next(assessments).model_dump(mode="json")
            into.write(orjson.dumps(result).decode() + "\n")
        into.flush()


def call_in(line: str) -> dict[str, Any]:
    """The call of one line, or why it is none."""
    try:
        raw = orjson.loads(line)
    except orjson.JSONDecodeError as fault:
        return {"id": None, "error": f"not JSON: {fault}"}
    if not isinstance(raw, dict):
        return {"id": None, "error": "not a JSON object"}
    return {
        "id": raw.get("id"),
        "nature": str(raw.get("nature") or ""),
        "narrative": str(raw.get("narrative") or ""),
    }
