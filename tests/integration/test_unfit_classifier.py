"""A classifier that is missing or not what its card says: calls are read by the rules, and everybody is told."""

from pathlib import Path

import pytest

from api.doctor import machine
from api.doctor.findings import Status
from api.embedded import Engines
from tests.conftest import Seeded
from tests.service import good, post_call, running_service
from tests.unfit import artifacts_in, spoilt
from triage.assess import assess
from triage.classifier import Unfit, classifier


@pytest.mark.parametrize("reason", ["missing", "mismatch"])
async def test_unfit_classifier_is_said_everywhere_and_the_rules_read_on(
    seeded: Seeded, engines: Engines, tmp_path: Path, reason: str
) -> None:
    fit = assess("HEARING VOICES").artefact
    with artifacts_in(tmp_path if reason == "missing" else spoilt(tmp_path)):
        assert classifier() == Unfit(reason)
        async with running_service(seeded.postgres, engines.redis, seeded.tokens) as service:
            what = f"classifier_{reason}"
            assert what in good(await service.get("anonymous", "/readyz"))["degraded"]
            assert what in (await service.snapshot("manager"))["degraded"]
            assert await service.measure("tandem_classifier_fit") == 0
            answer = await post_call(service)
            assert answer["assessment"]["flag"]
            assert answer["assessment"]["artefact"] != fit
        finding = machine.reader(classifier())
        assert (finding.status, "the rules read calls alone" in finding.said) == (Status.WARN, True)
        assert "Install this version again" in finding.fix
    assert machine.reader(classifier()).status is Status.OK


async def test_fit_classifier_is_a_gauge_of_one(seeded: Seeded, engines: Engines) -> None:
    async with running_service(seeded.postgres, engines.redis, seeded.tokens) as service:
        assert await service.measure("tandem_classifier_fit") == 1
        assert good(await service.get("anonymous", "/readyz"))["degraded"] == []
