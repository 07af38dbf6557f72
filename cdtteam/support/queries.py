"""Reading the catalogues."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.support.models import Indicator, Service


def service_codes(session: Session) -> frozenset[str]:
    """The codes of all services, retired ones included: a phone may have been offline since."""
    return frozenset(session.scalars(select(Service.code)))


def services_in_order(session: Session) -> list[Service]:
    """All services in the catalogue's order."""
    return list(session.scalars(select(Service).order_by(Service.position)))


def indicator_types(session: Session) -> dict[str, str]:
    """The type (`yes_no` or `count`) of each indicator, by code."""
    return {code: kind for code, kind in session.execute(select(Indicator.code, Indicator.type))}
