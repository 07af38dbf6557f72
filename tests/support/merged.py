"""Villages of the small province merged by their terms alone, as a reorganisation of villages leaves them."""

from datetime import date, timedelta

from sqlalchemy import select

from cdtteam.areas.models import AreaTerm
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.web.transactions import writing
from tests.support.world import World


def yesterday() -> date:
    """A day from which on the map has long changed for everybody."""
    return clock.civil_date(clock.now()) - timedelta(days=1)


def merge_villages(world: World, gone: str, into: str, name: str = "Thôn C mới", on: date | None = None) -> None:
    """`gone` ends and `into` goes on in its place, under another name."""
    on = on or yesterday()
    with world.app.app_context(), writing(db.session()):
        ended, kept = (_last(world, village) for village in (gone, into))
        ended.until_on, ended.successor_id = on, kept.area_id
        said = {"code": kept.code, "name": name, "kind": kept.kind, "parent_id": kept.parent_id}
        kept.until_on = on
        db.session().flush()
        db.session().add(AreaTerm(area_id=kept.area_id, from_on=on, **said))


def _last(world: World, village: str) -> AreaTerm:
    wanted = (AreaTerm.area_id == world.villages[village], AreaTerm.until_on.is_(None))
    return db.session().scalars(select(AreaTerm).where(*wanted)).one()
