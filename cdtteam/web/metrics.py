"""How the server is doing, for Prometheus: what was asked of it, and what its database holds now."""

import hmac
import ipaddress
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from time import perf_counter
from typing import Any, NamedTuple, cast

from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, Metric, generate_latest, values
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.web.guards import public
from cdtteam.web.transactions import snapshot

log = logging.getLogger("cdtteam")
blueprint = Blueprint("metrics", __name__)

SHARED = "PROMETHEUS_MULTIPROC_DIR"  # the library's own name for the folder in which workers count together
SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 1, 5, 20)
MUTATIONS = (0, 1, 5, 20, 50, 100, 200)
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


class Labelled(NamedTuple):
    """A gauge of several figures: the names of its labels, and a figure for each of their values."""

    names: tuple[str, ...]
    values: Mapping[tuple[str, ...], int]


# Of one figure its value, of several each with the values of its labels.
Reading = int | Labelled
Gauges = Mapping[str, tuple[str, Callable[[Session, datetime], Reading]]]  # name -> what it tells, how it is read


class Meters:
    """What an application counts; labels hold routes, statuses and codes, and nothing that anybody typed."""

    def __init__(self) -> None:
        if os.environ.get(SHARED):
            values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        of_request = ("method", "route", "status")
        self.requests = Histogram(
            "cdt_request_seconds", "Requests and their time.", of_request, buckets=SECONDS, registry=self.registry
        )
        self.results = Counter("cdt_sync_results", "Results of mutations.", ("status", "code"), registry=self.registry)
        self.batches = Histogram(
            "cdt_sync_mutations", "Mutations in a sync.", buckets=MUTATIONS, registry=self.registry
        )

    def collector(self) -> Collector:
        """What tells the counts, of all workers where they count together."""
        if os.environ.get(SHARED):
            return cast(Collector, MultiProcessCollector(CollectorRegistry()))  # type: ignore[no-untyped-call]
        return self.registry


class _DatabaseGauges(Collector):
    """Figures that are read when they are asked for; an unreachable database leaves them out, and the rest stands."""

    def __init__(self, gauges: Gauges) -> None:
        self._gauges = gauges

    def collect(self) -> Iterator[Metric]:
        session, now = db.session(), clock.now()
        try:
            with snapshot(session):
                found = [(name, text, read(session, now)) for name, (text, read) in self._gauges.items()]
        except SQLAlchemyError:
            log.warning("gauges could not be read", exc_info=True)
            return
        for name, text, value in found:
            yield _family(name, text, value)


def _family(name: str, text: str, value: Reading) -> Metric:
    if isinstance(value, int):
        return GaugeMetricFamily(name, text, value)
    family = GaugeMetricFamily(name, text, labels=value.names)
    for labels, number in value.values.items():
        family.add_metric(labels, number)
    return family


def init_metrics(app: Flask, gauges: Gauges) -> None:
    """Counts what `app` is asked; before whatever else looks at requests, so that refusals count as well."""
    app.extensions["cdt_meters"] = Meters()
    app.extensions["cdt_gauges"] = gauges
    app.before_request(_begin)
    app.after_request(_count_request)
    app.register_blueprint(blueprint)


def count_sync(results: Iterable[Mapping[str, Any]]) -> None:
    """Counts the results of a sync."""
    meters, number = _meters(), 0
    for number, result in enumerate(results, 1):  # noqa: B007 — the last one is how many there were
        meters.results.labels(result["status"], result.get("code", "")).inc()
    meters.batches.observe(number)


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """What was counted since the start, and the gauges; Problem `forbidden` to whoever may not scrape."""
    if not _may_scrape(current_app.config["CDT_METRICS_TOKEN"]):
        raise Problem("forbidden")
    gauges = _DatabaseGauges(current_app.extensions["cdt_gauges"])
    body = generate_latest(_meters().collector()) + generate_latest(gauges)
    return Response(body, content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _may_scrape(token: str) -> bool:
    """With a token, whoever knows it; without one, this machine, but not what a proxy on it passes on."""
    if token:
        given = request.headers.get("Authorization", "").encode("latin-1", "replace")  # WSGI's bytes
        return hmac.compare_digest(given, f"Bearer {token}".encode())
    try:
        is_here = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    return is_here and not any(name in request.headers for name in FORWARDED)


def _begin() -> None:
    g.began = perf_counter()


def _count_request(answer: Response) -> Response:
    rule = request.url_rule
    method, route = (request.method, rule.rule) if rule else ("", "")  # what nobody serves may be called anything
    seconds = perf_counter() - g.began
    _meters().requests.labels(method, route, str(answer.status_code)).observe(seconds)
    return answer


def _meters() -> Meters:
    return cast(Meters, current_app.extensions["cdt_meters"])
