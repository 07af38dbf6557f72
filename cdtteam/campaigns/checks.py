"""What a brief may say."""

from datetime import date

from cdtteam.campaigns.models import Brief
from cdtteam.core.clock import civil_date
from cdtteam.core.problems import Problem
from cdtteam.replica.work import Work
from cdtteam.support.queries import is_service


def check_brief(work: Work, brief: Brief) -> None:
    """Problem `invalid_field` for a service that is not in the catalogue, or days that are past or out of order."""
    if brief.service is not None and not is_service(work.session, brief.service):
        raise Problem("invalid_field", field="service")
    check_due(work, brief.from_on, brief.due_on)


def check_due(work: Work, from_on: date, due_on: date) -> None:
    """Problem `invalid_field` (due_on) for a last day that is past, or before the first one."""
    if due_on < max(from_on, civil_date(work.now)):
        raise Problem("invalid_field", field="due_on")
