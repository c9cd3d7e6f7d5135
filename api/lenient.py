"""Takes what a CAD sends: a blemish becomes a data-quality flag, never a refusal."""

import hashlib
import json
import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.call import Source

_UNFIT = re.compile("[\x00\ud800-\udfff]")  # NUL and lone surrogates: PostgreSQL takes neither
_ODD_PAST, _ODD_FUTURE = datetime(2000, 1, 1, tzinfo=UTC), timedelta(days=1)
_KEPT_PAST, _KEPT_FUTURE = datetime(1800, 1, 1, tzinfo=UTC), datetime(2300, 1, 1, tzinfo=UTC)
M = TypeVar("M", bound=BaseModel)


class Unparseable(Exception):
    """This is not a JSON object at all."""


class Location(BaseModel):
    """Where the incident is; WGS 84 degrees."""

    model_config = ConfigDict(extra="ignore")
    lat: float | None = None
    lon: float | None = None
    place: str | None = None


class CallIn(BaseModel):
    """A call as a CAD posts it; every field may be missing or odd."""

    model_config = ConfigDict(extra="ignore")
    center: str | None = Field(default=None, description="The sender's own center; another's is a 404.")
    external_id: str | None = Field(default=None, description="The CAD's number; sent again it is an update.")
    source: Source = Source.OTHER
    received_at: datetime | None = None
    nature: str | None = None
    narrative: str | None = None
    priority: int | None = Field(default=None, ge=0, le=99)
    beat: str | None = None
    location: Location | None = None
    caller: dict[str, Any] | None = None
    attributes: dict[str, Any] | None = None


class CallPatch(BaseModel):
    """What a CAD may correct later."""

    model_config = ConfigDict(extra="ignore")
    nature: str | None = None
    priority: int | None = Field(default=None, ge=0, le=99)
    beat: str | None = None
    location: Location | None = None


class EntryIn(BaseModel):
    """One appended remark."""

    model_config = ConfigDict(extra="ignore")
    text: str = ""
    author: str | None = None
    at: datetime | None = None
    source_seq: int | None = Field(default=None, ge=-(2**63), lt=2**63)


class Lenient(Generic[M]):
    """A parsed request and the flags of what was wrong with it."""

    def __init__(self, value: M, flags: list[str]) -> None:
        self.value = value
        self.flags = flags


def parse(model: type[M], body: bytes) -> Lenient[M]:
    """Read a JSON object as `model`, dropping what does not fit and saying so; raises Unparseable."""
    flags: list[str] = []
    try:
        raw = _loads(body, flags)
    except ValueError as fault:
        raise Unparseable(str(fault)[:200]) from fault
    if not isinstance(raw, dict):
        raise Unparseable("the body is not a JSON object")
    clean = _clean(raw, flags)
    flags += [f"UNKNOWN_FIELD:{name[:40]}" for name in clean if name not in model.model_fields]
    return Lenient(_fit(model, clean, flags), sorted(set(flags)))


def _loads(body: bytes, flags: list[str]) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        # NaN, lone surrogates as escapes, duplicate keys, invalid UTF-8: the slower reader is more patient.
        text = body.decode("utf-8", "replace")
        if "\ufffd" in text:
            flags.append("TEXT_NOT_UTF8")
        return json.loads(text, strict=False)


def _clean(value: Any, flags: list[str], depth: int = 0) -> Any:
    """The same value with unfit code points replaced one for one, so that offsets stay true."""
    if isinstance(value, str):
        if _UNFIT.search(value):
            flags.append("TEXT_REPLACED")
            return _UNFIT.sub("\ufffd", value)
        return value
    if depth > 20:
        flags.append("TOO_DEEP")
        return None
    if isinstance(value, dict):
        return {_clean(str(k), flags, depth + 1): _clean(v, flags, depth + 1) for k, v in value.items()}
    if isinstance(value, list):
        return [_clean(item, flags, depth + 1) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        flags.append("NUMBER_NOT_FINITE")
        return None
    return value


def _fit(model: type[M], raw: dict[str, Any], flags: list[str]) -> M:
    """Validate; a field that does not fit falls back to text where it is text, else to its default."""
    for _ in range(len(model.model_fields) + 1):
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            for name in {str(e["loc"][0]) for e in error.errors()}:
                flags.append(f"BAD_FIELD:{name}")
                value = raw.pop(name)
                if (
                    name in ("narrative", "text", "nature")
                    and not isinstance(value, str)
                    and value is not None
                ):
                    raw[name] = orjson.dumps(value, default=str).decode()
    return model()


def plausible_time(
    at: datetime | None, now: datetime, zone: Any, flags: list[str], name: str
) -> datetime | None:
    """An aware time; odd ones are kept and flagged, impossible ones dropped and flagged."""
    if at is None:
        return None
    if at.tzinfo is None:
        flags.append(f"TIME_WITHOUT_ZONE:{name}")
        at = at.replace(tzinfo=zone)
    try:
        at = at.astimezone(UTC)
    except OverflowError:
        flags.append(f"TIME_IMPOSSIBLE:{name}")
        return None
    if not _KEPT_PAST < at < _KEPT_FUTURE:
        flags.append(f"TIME_IMPOSSIBLE:{name}")
        return None
    if at < _ODD_PAST or at > now + _ODD_FUTURE:
        flags.append(f"TIME_ODD:{name}")
    return at


def plausible_location(location: Location | None, flags: list[str]) -> Location:
    """Coordinates on the globe, or none of them."""
    if location is None:
        return Location()
    lat, lon = location.lat, location.lon
    if (lat is None) != (lon is None) or (lat is not None and not (abs(lat) <= 90 and abs(lon or 0) <= 180)):
        flags.append("LOCATION_OFF_GLOBE")
        lat = lon = None
    return Location(lat=lat, lon=lon, place=shortened(location.place, 300, flags, "place"))


def shortened(text: str | None, limit: int, flags: list[str], name: str) -> str | None:
    """Text of at most `limit` characters; what is cut is marked by a digest, so that two long ids stay two."""
    if text is None or len(text) <= limit:
        return text
    flags.append(f"SHORTENED:{name}")
    return text[: limit - 17] + "~" + hashlib.sha256(text.encode()).hexdigest()[:16]
