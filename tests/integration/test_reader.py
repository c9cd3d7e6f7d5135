"""How the engine is doing: counted over stored calls, held beside clinicians' words, silent where too few tell."""

import asyncio

import pytest

from api.reader import LEAST_CALLS, LEAST_REVIEWS, measure, reader_report
from models.reader import ReaderReport
from models.store.database import open_pool
from tests.ageing import whole
from tests.service import Json, Service, flag, good, post_call

PLAIN, VOICES = "BLUE SEDAN BLOCKING THE DRIVEWAY", "FEMALE TALKING TO HERSELF HEARING VOICES"


async def report(service: Service, role: str = "manager") -> Json:
    return dict(good(await service.get(role, "/v1/reports/reader")))


async def many(service: Service, count: int, narrative: str, nature: str) -> list[Json]:
    return [await post_call(service, narrative, nature=nature) for _ in range(count)]


async def test_too_few_calls_and_reviews_say_nothing(service: Service) -> None:
    await flag(service, (await post_call(service))["call"])
    found = await report(service)
    shares = ("mean_need", "flagged", "unknown_words")
    assert [found[name] for name in shares] == [None] * 3
    assert (found["calls"], sum(found["histogram"]), found["indicators"]) == (1, 1, {})
    assert (found["drift"]["index"], found["calibration"]["error"]) == (None, None)
    assert (found["calibration"]["reviewed"], found["calibration"]["least"]) == (1, LEAST_REVIEWS)


async def test_shares_are_those_of_the_stored_calls_and_another_centers_do_not_count(
    service: Service,
) -> None:
    half = LEAST_CALLS // 2
    taken = await many(service, half, PLAIN, "PARKING") + await many(service, half, VOICES, "WELFARE CHECK")
    body = {"center": "beta", "narrative": VOICES}
    good(await service.post("integrator", "/v1/calls", body, center="beta"), 201)
    found, read = await report(service), [each["assessment"] for each in taken]
    assert found["calls"] == LEAST_CALLS
    assert found["mean_need"] == pytest.approx(sum(each["need"] for each in read) / LEAST_CALLS, abs=0.001)
    assert found["flagged"] == sum(each["flag"] for each in read) / LEAST_CALLS == 0.5
    assert found["indicators"]["psychosis"] == 0.5
    words, unknown = (sum(each[name] for each in read) for name in ("words", "unknown_words"))
    assert (found["words"], found["unknown_words"]) == (words, round(unknown / words, 4))
    assert sum(found["histogram"]) == LEAST_CALLS
    assert found["drift"]["source"] == "first_calls"


async def test_scores_are_held_beside_what_clinicians_said(service: Service) -> None:
    for at, each in enumerate(await many(service, LEAST_REVIEWS, VOICES, "WELFARE CHECK")):
        call = (await whole(service, each["call"]))["call"]  # a pairing may have been proposed meanwhile
        await flag(service, call, *(("set_aside",) if at % 2 else ()), reason="seen")
    found = (await report(service))["calibration"]
    ((tenth, seen),) = found["tenths"].items()
    assert (seen["calls"], seen["flagged"]) == (LEAST_REVIEWS, LEAST_REVIEWS // 2)
    assert found["error"] == pytest.approx(abs(seen["need"] - 0.5), abs=0.001)
    assert int(tenth) == min(int(seen["need"] * 10), 9)


async def test_later_calls_are_held_beside_the_first(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first hundred are the reference, so that a test need not take five hundred calls."""
    monkeypatch.setattr("api.reader.REFERENCE", LEAST_CALLS)
    await many(service, LEAST_CALLS, PLAIN, "PARKING")
    assert (await report(service))["drift"]["index"] is None
    await many(service, LEAST_CALLS, VOICES, "WELFARE CHECK")
    found = (await report(service))["drift"]
    assert sum(found["reference"]) == LEAST_CALLS
    assert found["index"] > 0.25


async def test_gauges_say_the_same_and_not_a_number_where_too_few_tell(service: Service) -> None:
    async with open_pool(service.postgres, 1) as pool, pool.acquire() as connection:
        seen = await reader_report(connection, "alpha", service.live.now(), None)
    measure("few", seen)
    told = {"flagged": 0.25, "mean_need": 0.3, "indicators": {"suicidal": 0.1}}
    measure("many", ReaderReport.model_validate(seen.model_dump() | told))
    text = (await service.get("anonymous", "/metrics")).text
    assert 'tandem_reader_flagged_ratio{center="few"} NaN' in text
    assert 'tandem_reader_indicator_ratio{center="few",indicator="suicidal"} NaN' in text
    assert 'tandem_reader_mean_need{center="many"} 0.3' in text
    assert 'tandem_reader_indicator_ratio{center="many",indicator="suicidal"} 0.1' in text
    assert 'tandem_reader_indicator_ratio{center="many",indicator="psychosis"} 0.0' in text


async def test_service_measures_every_center_by_itself(service: Service) -> None:
    async with asyncio.timeout(20):
        while (
            'tandem_reader_drift_index{center="beta"}'
            not in (await service.get("anonymous", "/metrics")).text
        ):
            await asyncio.sleep(0.1)
