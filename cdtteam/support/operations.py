"""Changing the catalogues; the starting ones come with the first migration."""

from sqlalchemy import select

from cdtteam.access.models import Actor, Permission
from cdtteam.access.policy import require
from cdtteam.replica.models import CATALOGUE
from cdtteam.replica.work import Work
from cdtteam.support.models import Service


def set_focus(actor: Actor, work: Work, codes: set[str]) -> None:
    """Makes exactly `codes` this month's focus."""
    require(actor, Permission.CATALOGUE_MANAGE)
    work.lock([CATALOGUE])
    for service in work.session.scalars(select(Service)):
        if service.is_focus != (service.code in codes):
            service.is_focus = service.code in codes
            work.changed("service", service, CATALOGUE)
