"""What is written for operators is there: metrics of rules and dashboards, settings, packages, folders of the image."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from prometheus_client.metrics import MetricWrapperBase

from api import metrics
from api.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
RULES = [
    rule
    for group in yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
ALERTS = {rule["alert"]: rule for rule in RULES if "alert" in rule}
RECORDED = {rule["record"] for rule in RULES if "record" in rule}
DASHBOARDS = sorted((DEPLOY / "grafana/dashboards").glob("*.json"))
DOCKERFILE = (ROOT / "Dockerfile").read_text()
#: Labels that Prometheus itself gives.
GIVEN = {"job", "instance"}


def exposed() -> dict[str, MetricWrapperBase]:
    """Every series that the service can expose, with the metric it belongs to."""
    series: dict[str, MetricWrapperBase] = {}
    for metric in vars(metrics).values():
        if isinstance(metric, MetricWrapperBase):
            (family,) = metric.describe()
            suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}.get(
                family.type, ("",)
            )
            series |= {family.name + suffix: metric for suffix in suffixes}
    return series


EXPOSED = exposed()


def labels_of(metric: MetricWrapperBase) -> set[str]:
    """Labels that a series of this metric has once it is scraped."""
    return {*metric._labelnames, *({"le"} if metric._type == "histogram" else ()), *GIVEN}


def queries() -> Iterator[tuple[str, str]]:
    """Every expression of the rules and of the dashboards, with where it stands."""
    for rule in RULES:
        yield rule.get("alert") or rule["record"], rule["expr"]
    for path in DASHBOARDS:
        board = json.loads(path.read_text())
        for panel in board["panels"]:
            for target in panel.get("targets", []):
                yield panel["title"], target["expr"]


QUERIES = list(queries())


@pytest.mark.parametrize(("where", "expression"), QUERIES, ids=[where for where, _ in QUERIES])
def test_a_query_asks_for_what_the_service_exposes(where: str, expression: str) -> None:
    asked = re.findall(r"(?<![\w:])(tandem_\w+)(?:\{([^}]*)\})?", expression)
    assert asked or set(re.findall(r"tandem:\w+:\w+", expression)) or "up{" in expression
    for name, matchers in asked:
        assert name in EXPOSED, f"api/metrics.py has no {name}"
        labels = dict(re.findall(r"(\w+)\s*[=!]~?\s*\"([^\"]*)\"", matchers))
        assert labels.keys() <= labels_of(EXPOSED[name])
        if "le" in labels:  # a bound that is no bucket's gives an empty answer, for ever
            assert float(labels["le"]) in EXPOSED[name]._upper_bounds  # type: ignore[attr-defined]
    kept = {
        label.strip() for group in re.findall(r"by \(([^)]*)\)", expression) for label in group.split(",")
    }
    assert kept <= set().union(*(labels_of(EXPOSED[name]) for name, _ in asked))


@pytest.mark.parametrize(("where", "expression"), QUERIES, ids=[where for where, _ in QUERIES])
def test_a_query_uses_only_what_a_rule_records(where: str, expression: str) -> None:
    assert set(re.findall(r"tandem:\w+:\w+", expression)) <= RECORDED


@pytest.mark.parametrize("name", sorted(ALERTS))
def test_an_alert_says_what_is_wrong_and_what_to_do(name: str) -> None:
    alert = ALERTS[name]
    assert alert["labels"]["severity"] in ("page", "ticket")
    assert len(alert["annotations"]["summary"]) > 20
    assert len(alert["annotations"]["action"]) > 60


def test_every_alert_is_fired_by_the_tests_of_the_rules() -> None:
    tests = (DEPLOY / "prometheus/alerts_test.yml").read_text()
    assert ALERTS.keys() == set(re.findall(r"Tandem\w+", tests))


@pytest.mark.parametrize("path", sorted(DEPLOY.rglob("*.y*ml")), ids=lambda path: path.name)
def test_a_yaml_file_can_be_read(path: Path) -> None:
    assert all(yaml.safe_load_all(path.read_text()))


def settings_named() -> set[str]:
    """Every setting that the image and the files for operators speak of."""
    texts = [DOCKERFILE, *(path.read_text() for path in DEPLOY.rglob("*") if path.is_file())]
    return {name for text in texts for name in re.findall(r"\bTANDEM_([A-Z_]+)\b", text)}


@pytest.mark.parametrize("name", sorted(settings_named()))
def test_a_setting_that_operators_are_told_of_exists(name: str) -> None:
    assert name.lower() in Settings.model_fields


def test_the_image_leaves_out_only_what_the_lock_brings() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    removed = re.search(r"uninstall --yes \\\n((?:.*\\\n)*.*)\n", DOCKERFILE)
    assert removed is not None
    names = removed[1].replace("\\", " ").split()
    assert len(names) > 5
    assert [name for name in names if not re.search(rf"^{re.escape(name)}==", lock, re.MULTILINE)] == []


def test_the_image_is_built_from_all_that_the_wheel_holds() -> None:
    project: Any = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packed = {
        path.split("/")[0] for path in project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    }
    allowed = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines()}
    assert packed | {"pyproject.toml", "README.md", "requirements.lock"} <= allowed
