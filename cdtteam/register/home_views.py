"""A household's page."""

from collections.abc import Callable, Container
from datetime import datetime
from uuid import UUID

from flask import render_template, request
from flask_babel import get_locale

from cdtteam.access.models import Permission
from cdtteam.admin.desk import Page, todays_map
from cdtteam.areas.ground import name_on
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.households.doubles import kept_apart, number_undecided
from cdtteam.households.likeness import likely_same
from cdtteam.households.merging import can_be_undone
from cdtteam.households.models import Household
from cdtteam.register.desk import MANAGE, blueprint, household_at_hand, name_of
from cdtteam.register.finding import Line, households_in
from cdtteam.register.story import (
    known_to,
    mergers_into,
    open_merger,
    story_of,
    visits_to,
    was_erased_on_request,
)
from cdtteam.support.queries import services_in_order
from cdtteam.web.guards import current_actor, requires

MOST_ALIKE = 12


@blueprint.get("/desk/households/<uuid:household_id>")
@requires(MANAGE)
def household_page(household_id: UUID) -> Page:
    """What is known of a household, its visits, its story, and which may be the same."""
    household, session, now, areas = household_at_hand(household_id), db.session(), clock.now(), todays_map()
    village = areas.village_of(household.village_id)
    commune = next((area for area in areas.above(household.village_id) if area.level is Level.COMMUNE), None)
    name_village: Callable[[UUID], str] = lambda village_id: name_on(areas, village_id) or "–"  # noqa: E731
    visits, total = visits_to(current_actor(), session, household, now)
    merger = open_merger(session, household) if household.gone == "merged" else None
    into = next(iter(known_to(current_actor(), session, [household.merged_into_id], now)), None)
    merged = known_to(current_actor(), session, [one.id for one in mergers_into(session, household)], now)
    lines, apart = {}, set()
    if commune is not None and household.gone is None:
        ground = areas.ground_below(commune.id)
        found, apart = households_in(current_actor(), session, areas, ground, now), kept_apart(session, ground)
        lines = {line.known.id: line for line in found if line.gone is None}
    return render_template(
        "register/household.html", household=household, name=name_of(household), village=village, commune=commune,
        belongs=name_village(household.village_id), name_village=name_village, visits=visits, total=total,
        can_review=current_actor().may(Permission.VISIT_REVIEW),
        story=story_of(current_actor(), session, household, name_village, now), into=into, merged=merged,
        can_part=merger is not None and into is not None and can_be_undone(merger, household, into),
        alike=_alike(household, lines, apart), services=_service_names(),
        done=request.args.get("done"), drafts=request.args.get("drafts", 0, int), left=_pairs_left(areas, commune, now),
        is_erased_on_request=household.gone == "erased" and was_erased_on_request(session, household),
    )  # fmt: skip


def _alike(household: Household, lines: dict[UUID, Line], apart: Container[frozenset[UUID]]) -> list[tuple[Line, str]]:
    """Those that may be the same, without those of which somebody said that they are not."""
    own = lines.get(household.id)
    if own is None:
        return []
    others = (line.known for id_, line in lines.items() if frozenset((id_, household.id)) not in apart)
    return [(lines[like.other.id], like.why) for like in likely_same(own.known, others)[:MOST_ALIKE]]


def _pairs_left(areas: AreaMap, commune: AreaOnMap | None, now: datetime) -> int:
    """After a merger: how many pairs of the commune wait for a decision."""
    if commune is None or request.args.get("done") != "merged":
        return 0
    return number_undecided(current_actor(), db.session(), areas.ground_below(commune.id), now)


def _service_names() -> dict[str, str]:
    is_english = str(get_locale()) == "en"
    return {one.code: one.name_en if is_english else one.short_vi for one in services_in_order(db.session())}
