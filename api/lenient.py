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
TEXTS = ("narrative", "text", "nature")  # where anything at all is better kept as text than dropped
_KIND = ConfigDict(extra="ignore", coerce_numbers_to_str=True)  # a CAD's own number may be a number
MOST_NAMED = 20  # unknown fields of one request that are named: every console gets the flags


class Unparseable(Exception):
    """This is not a JSON object at all."""


class Location(BaseModel):
    """Where the incident is; WGS 84 degrees."""

    model_config = _KIND
    lat: float | None = None
    lon: float | None = None
    place: str | None = None


class CallIn(BaseModel):
    """A call as a CAD posts it; every field may be missing or odd."""

    model_config = _KIND
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

    model_config = _KIND
    nature: str | None = None
    priority: int | None = Field(default=None, ge=0, le=99)
    beat: str | None = None
    location: Location | None = None


class EntryIn(BaseModel):
    """One appended remark."""

    model_config = _KIND
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
        raw = loads(body, flags)
    except (ValueError, RecursionError) as fault:
        raise Unparseable(str(fault)[:200]) from fault
    if not isinstance(raw, dict):
        raise Unparseable("the body is not a JSON object")
    clean = cleaned(raw, flags)
    unknown = [name for name in clean if name not in model.model_fields]
    flags += [f"UNKNOWN_FIELD:{name[:40]}" for name in unknown[:MOST_NAMED]]
    return Lenient(_fit(model, clean, flags), sorted(set(flags)))


def loads(body: bytes, flags: list[str]) -> Any:
    """JSON as patiently as it can be read; raises ValueError or RecursionError."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        # NaN, lone surrogates as escapes, duplicate keys, invalid UTF-8: the slower reader is more patient.
        text = body.decode("utf-8", "replace")
        if "\ufffd" in text:
            flags.append("TEXT_NOT_UTF8")
        return json.loads(text, strict=False)


def cleaned(value: Any, flags: list[str], depth: int = 0) -> Any:
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
        return {cleaned(str(k), flags, depth + 1): cleaned(v, flags, depth + 1) for k, v in value.items()}
    if isinstance(value, list):
        return [cleaned(item, flags, depth + 1) for item in value]
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return float(value) if abs(value) < 10**300 else None  # as the faster reader does
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
            for name, *inner in {tuple(str(part) for part in e["loc"][:2]) for e in error.errors()}:
                flags.append(f"BAD_FIELD:{'.'.join((name, *inner))}")
                if inner and isinstance(
                    raw.get(name), dict
                ):  # a bad latitude does not take the address with it
                    raw[name] = {key: value for key, value in raw[name].items() if key not in inner}
                    continue
                value = raw.pop(name, None)
                if name in TEXTS and value is not None:
                    raw[name] = json.dumps(value, ensure_ascii=False)
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
