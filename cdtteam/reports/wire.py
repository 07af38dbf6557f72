"""Reports of nothing between JSON and rows."""

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from cdtteam.reports.models import NothingReport


class ReportNothing(Struct):
    """Args of report.nothing: an ISO week or a month."""

    village_id: UUID
    period: Annotated[str, Meta(pattern=r"^\d{4}-(W\d{2}|\d{2})$")]


def report_data(report: NothingReport) -> dict[str, Any]:
    """A report for a phone."""
    return {
        "id": report.id,
        "village_id": report.village_id,
        "period": report.period,
        "team_id": report.team_id,
        "author_id": report.author_id,
        "received_at": report.received_at,
    }
