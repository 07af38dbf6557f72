"""The map of the machine's server: what the province's office does to it, and what it says of it afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from cdtteam.access.models import SYSTEM, Actor, Role
from cdtteam.access.policy import visible
from cdtteam.areas.applying import Basis
from cdtteam.areas.checks import Step
from cdtteam.areas.merging import Teams, VillageDraft, VillageStep
from cdtteam.areas.models import Area, AreaTerm, Level, Reorganisation
from cdtteam.areas.reading import Faults
from cdtteam.areas.reorganising import Decision, Draft
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.reasons import Refusal
from cdtteam.reorganisations.operations import merge_villages, reorganise, undo
from cdtteam.replica.work import Work
from cdtteam.visits.models import Visit
from cdtteam.web.transactions import writing
from tests.machine.atlas import Atlas, Row, Term


@dataclass
class Surveyor:
    """Changes the map by the operations of desk and command line."""

    app: Flask

    def reorganise(self, olds: list[str], news: dict[str, str], goes: dict[str, str], on: date) -> str | None:
        """Communes by their codes become new ones (name by code), villages go where it is decided; None: refused."""
        pairs = [(old, new) for new in news for old in olds]
        steps = [Step(line, old, new, news[new], "commune") for line, (old, new) in enumerate(pairs, 2)]
        decisions = [Decision(line, village, new) for line, (village, new) in enumerate(goes.items(), 2)]
        draft = Draft(steps, Faults("communes"), decisions)
        return self._do(lambda work: str(reorganise(SYSTEM, work, draft, Basis(), on=on).id))

    def merge_villages(self, olds: list[str], new: tuple[str, str], commune: str, teams: Teams, on: date) -> str | None:
        """Villages by their codes become one of a commune, with code and name; None: refused."""
        steps = [VillageStep(line, old, *new, "thôn", commune, "") for line, old in enumerate(olds, 2)]
        draft = VillageDraft(steps, Faults("villages"), otherwise=teams)
        return self._do(lambda work: str(merge_villages(SYSTEM, work, draft, Basis(), on=on).id))

    def undo(self, id_: str) -> bool:
        """Takes a change back; False: refused."""

        def act(work: Work) -> str:
            undo(SYSTEM, work, work.session.get_one(Reorganisation, UUID(id_)))
            return id_

        return self._do(act) is not None

    def commune_with(self, code: str, on: date) -> str:
        """The id of the commune that has a code from a day on."""
        with self.app.app_context():
            own = (AreaTerm.code == code, AreaTerm.from_on == on, Area.level == Level.COMMUNE)
            return str(
                db.session.scalars(select(Area.id).join(AreaTerm, AreaTerm.area_id == Area.id).where(*own)).one()
            )

    def rows(self) -> set[Row]:
        """Every term."""
        columns = (
            AreaTerm.area_id, AreaTerm.from_on, AreaTerm.until_on, AreaTerm.code, AreaTerm.name, AreaTerm.parent_id,
            AreaTerm.successor_id,
        )  # fmt: skip
        with self.app.app_context():
            rows = db.session.execute(select(*columns)).all()
            assert {area_id for area_id, *_ in rows} == set(db.session.scalars(select(Area.id)))
        return {
            (str(area), start, end, code, name, _text(parent), _text(to))
            for area, start, end, code, name, parent, to in rows
        }

    def atlas(self) -> Atlas:
        """The maps as they are at the beginning."""
        with self.app.app_context():
            villages = {str(id_) for id_ in db.session.scalars(select(Area.id).where(Area.level == Level.VILLAGE))}
        return Atlas([Term(*row) for row in sorted(self.rows(), key=str)], villages)

    def villages_seen(self, commune: str) -> set[str]:
        """The visits that the coordinator of a commune may see, by the ground on which they were made."""
        actor = Actor(Role.COORDINATOR, area_id=UUID(commune))
        with self.app.app_context():
            statement = visible(select(Visit.village_id).distinct(), actor, Visit.village_id, clock.now())
            return {str(id_) for id_ in db.session.scalars(statement)}

    def _do(self, act: Callable[[Work], Any]) -> Any:
        with self.app.app_context():
            try:
                with writing(db.session()):
                    work = Work(db.session(), clock.now())
                    done = act(work)
                    work.flush()
            except Refusal:
                return None
        return done


def _text(id_: UUID | None) -> str | None:
    return str(id_) if id_ else None
