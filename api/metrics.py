"""Counters the on-call person watches; the report's numbers come from SQL, not from here."""

import os

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

#: Folder where the counters of all workers of one service meet, so that any of them answers for all.
SHARED = "PROMETHEUS_MULTIPROC_DIR"

disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY = CollectorRegistry()
FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5)

CALLS = Counter("tandem_calls_total", "Calls taken, by how.", ["kind"], registry=REGISTRY)
SHADOWED = Counter(
    "tandem_shadow_total", "Readings that a challenger judged too, by result.", ["result"], registry=REGISTRY
)
ENTRIES = Counter("tandem_entries_total", "Remarks appended.", registry=REGISTRY)
ASSESSMENTS = Counter("tandem_assessments_total", "Assessments, by result.", ["result"], registry=REGISTRY)
ASSESS_SECONDS = Histogram(
    "tandem_assess_seconds", "Reading one call's text.", buckets=FAST, registry=REGISTRY
)
SCREEN_SECONDS = Histogram(
    "tandem_call_to_screen_seconds",
    "From an event's commit time to its frame.",
    buckets=FAST,
    registry=REGISTRY,
)
PLAN_SECONDS = Histogram("tandem_plan_seconds", "Planning one center.", buckets=FAST, registry=REGISTRY)
PLANS = Counter("tandem_plans_total", "Plans, by what became of them.", ["result"], registry=REGISTRY)
ROADS = Counter(
    "tandem_roads_total",
    "Ways asked for: told, cached, unknown to the router, or estimated because it failed.",
    ["result"],
    registry=REGISTRY,
)
ROADS_SECONDS = Histogram("tandem_roads_seconds", "One table of the router.", buckets=FAST, registry=REGISTRY)
LOG_LAG = Gauge(
    "tandem_log_lag_events",
    "Events between the log's head and the planner.",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
PLANNED = Gauge(
    "tandem_planned_centers",
    "Centers this service plans for.",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
PLANNER_ROUND = Gauge(
    "tandem_planner_round_timestamp_seconds",
    "When the planner last finished a round; of the slowest worker.",
    registry=REGISTRY,
    multiprocess_mode="livemin",
)
CONSOLES = Gauge(
    "tandem_consoles",
    "Consoles listening, by role.",
    ["role"],
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
RESYNCS = Counter("tandem_resyncs_total", "Consoles told to fetch a snapshot.", registry=REGISTRY)
DECISIONS = Counter("tandem_decisions_total", "Decisions, by kind.", ["kind"], registry=REGISTRY)
IGNORED = Counter("tandem_ignored_total", "Reports older than known, by what.", ["what"], registry=REGISTRY)
BLEMISHES = Counter("tandem_blemishes_total", "Data-quality flags, by code.", ["code"], registry=REGISTRY)
QUARANTINED = Counter("tandem_quarantined_total", "Requests that could not be parsed.", registry=REGISTRY)
DEGRADED = Gauge(
    "tandem_degraded", "1 where a part is missing.", ["part"], registry=REGISTRY, multiprocess_mode="livemax"
)
CLASSIFIER_FIT = Gauge(
    "tandem_classifier_fit",
    "1 where the classifier reads beside the rules, 0 where they decide alone; of the worst worker.",
    registry=REGISTRY,
    multiprocess_mode="livemin",
)
CERTIFICATE_ENDS = Gauge(
    "tandem_certificate_ends_seconds",
    "When the certificate ends, since 1970; 0 without one.",
    registry=REGISTRY,
    multiprocess_mode="livemin",
)
REFUSED = Counter(
    "tandem_too_many_requests_total",
    "Requests beyond a limit, by kind of principal.",
    ["kind"],
    registry=REGISTRY,
)
SIGN_INS = Counter("tandem_sign_ins_total", "Attempts to sign in, by result.", ["result"], registry=REGISTRY)
LET_GO = Counter("tandem_retention_total", "What retention let go of, by kind.", ["what"], registry=REGISTRY)
WORDS_DUE = Gauge(
    "tandem_retention_due_calls",
    "Calls whose words were kept long enough, held ones too.",
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
RETENTION_DONE = Gauge(
    "tandem_retention_done_timestamp_seconds",
    "When retention last got through.",
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
REQUESTS = Histogram(
    "tandem_request_seconds",
    "Requests by route, not by path.",
    ["route", "method", "status"],
    buckets=FAST,
    registry=REGISTRY,
)
#: The service calls itself; see api/canary.py.
CANARY_SECONDS = Histogram(
    "tandem_canary_seconds",
    "From the self-test's call to its frame on a console.",
    buckets=FAST,
    registry=REGISTRY,
)
CANARY_FAILURES = Counter(
    "tandem_canary_failures_total", "Self-tests that failed, by step.", ["step"], registry=REGISTRY
)
CANARY_SUCCESS = Gauge(
    "tandem_canary_success_timestamp_seconds",
    "When a self-test of this service last worked; 0: never.",
    registry=REGISTRY,
    multiprocess_mode="max",
)
CANARY_EVERY = Gauge(
    "tandem_canary_every_seconds",
    "Between two self-tests; 0: off.",
    registry=REGISTRY,
    multiprocess_mode="livemax",
)
#: How the engine reads a center's newest calls, not a number where too few tell; see api/reader.py.
READER_NEED = Gauge(
    "tandem_reader_mean_need",
    "Mean need of the newest calls.",
    ["center"],
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
READER_FLAGGED = Gauge(
    "tandem_reader_flagged_ratio",
    "Share of the newest calls that are flagged.",
    ["center"],
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
READER_INDICATOR = Gauge(
    "tandem_reader_indicator_ratio",
    "Share of the newest calls in which an indicator is asserted.",
    ["center", "indicator"],
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
READER_UNKNOWN = Gauge(
    "tandem_reader_unknown_words_ratio",
    "Share of words that no phrase, abbreviation or weight knows.",
    ["center"],
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
READER_DRIFT = Gauge(
    "tandem_reader_drift_index",
    "Population stability index of the newest needs beside the reference.",
    ["center"],
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
READER_CALIBRATION = Gauge(
    "tandem_reader_calibration_error",
    "Expected calibration error of the need beside clinicians' decisions.",
    ["center"],
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
#: What only looking tells; see api/vitals.py.
CENTERS = Gauge("tandem_centers", "Centers of the database.", registry=REGISTRY, multiprocess_mode="livemax")
UNASSESSED = Gauge(
    "tandem_unassessed_calls",
    "Open calls whose text waits to be read.",
    registry=REGISTRY,
    multiprocess_mode="livemax",
)
POOL_BUSY = Gauge(
    "tandem_pool_busy_ratio",
    "Database connections in use, of all; of the busiest worker.",
    registry=REGISTRY,
    multiprocess_mode="livemax",
)
LOOP_DELAY = Histogram(
    "tandem_loop_delay_seconds", "How late a process's loop comes round.", buckets=FAST, registry=REGISTRY
)
CPU_SECONDS = Counter(
    "tandem_cpu_seconds_total", "Time of processors that the service used.", registry=REGISTRY
)
RESIDENT_BYTES = Gauge(
    "tandem_resident_bytes",
    "Memory of the service's processes.",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
DATABASE_BYTES = Gauge(
    "tandem_database_bytes", "Size of the database.", registry=REGISTRY, multiprocess_mode="livemax"
)
DISK_FREE = Gauge(
    "tandem_disk_free_bytes",
    "Left on a disk that the embedded engines use.",
    ["disk"],
    registry=REGISTRY,
    multiprocess_mode="livemin",
)
REDIS_BYTES = Gauge(
    "tandem_redis_memory_bytes", "Memory that Redis uses.", registry=REGISTRY, multiprocess_mode="livemax"
)
REDIS_LIMIT = Gauge(
    "tandem_redis_memory_limit_bytes",
    "Memory that Redis may use; 0: any.",
    registry=REGISTRY,
    multiprocess_mode="livemax",
)
BUILD = Gauge(
    "tandem_build_info",
    "1 for the version that runs.",
    ["version"],
    registry=REGISTRY,
    multiprocess_mode="livemax",
)


def exposition() -> bytes:
    """All metrics of this service in the Prometheus text format, whichever worker is asked."""
    if SHARED not in os.environ:
        return generate_latest(REGISTRY)
    everybody = CollectorRegistry()
    MultiProcessCollector(everybody)  # type: ignore[no-untyped-call]
    return generate_latest(everybody)
