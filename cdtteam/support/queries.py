"""Reading the catalogues."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdtteam.support.models import Indicator, Service

_known_codes: set[str] = set()  # codes never leave the catalogue, so one that was found stays found


def is_service(session: Session, code: str) -> bool:
    """Whether a service has this code, retired ones included: a phone may have been offline since."""
    if code not in _known_codes:
        _known_codes.update(session.scalars(select(Service.code)))
    return code in _known_codes


def services_in_order(session: Session) -> list[Service]:
    """All services in the catalogue's order."""
    return list(session.scalars(select(Service).order_by(Service.position)))


def indicator_types(session: Session) -> dict[str, str]:
    """The type (`yes_no` or `count`) of each indicator, by code."""
    return {row.code: row.type for row in session.execute(select(Indicator.code, Indicator.type))}
