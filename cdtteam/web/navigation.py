"""The desk's places, in the order of its navigation; a reader sees those that their role opens."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from cdtteam.access.models import Permission


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the navigation, to which every page of the endpoint's blueprint belongs, and of those in `also`."""

    endpoint: str
    name: Any
    permission: Permission
    also: tuple[str, ...] = ()


# A room that stands above adds its line here, by the name of its endpoint.
PLACES = (
    Place("participation.home_page", _l("Results"), Permission.PARTICIPATION_READ),
    Place("assigning.home_page", _l("Tasks"), Permission.TASK_MANAGE),
    Place("answering.home_page", _l("Requests for help"), Permission.REQUEST_ANSWER),
    Place("reviewing.home_page", _l("Worth a look"), Permission.VISIT_REVIEW),
    Place("notices.sent_page", _l("Write to teams"), Permission.NOTICE_SEND),
    Place("admin.teams_page", _l("Teams and people"), Permission.TEAM_MANAGE, also=("register",)),
    Place("paper.sheet_page", _l("Attendance and paper"), Permission.PAPER_MANAGE, also=("recognition",)),
    Place("residents.home_page", _l("For residents"), Permission.TEAM_MANAGE),
    Place("imports.home_page", _l("Import lists"), Permission.TEAM_MANAGE),
    Place("monthly.report_page", _l("Reports"), Permission.REPORT_READ),
    Place("reorganisations.home_page", _l("Changes of the map"), Permission.AREA_MANAGE),
)


def init_navigation(app: Flask) -> None:
    """Lets templates of `app` ask for `desk_places()`."""
    app.jinja_env.globals["desk_places"] = desk_places


def desk_places() -> list[dict[str, Any]]:
    """Name, address and whether it is the one at hand, of each place that the reader may open."""
    if not current_user.is_authenticated:
        return []
    return [
        {"name": place.name, "url": url_for(place.endpoint), "is_current": _is_current(place)}
        for place in PLACES
        if current_user.actor.may(place.permission)
    ]


def belong_to(path: str) -> None:
    """The page at hand belongs to the place of another, as that of a job to the place where it began."""
    adapter = current_app.create_url_adapter(request)
    try:
        g.desk_place = adapter.match(urlsplit(path).path, "GET")[0].partition(".")[0] if adapter else None
    except HTTPException:  # an earlier release had that page
        g.desk_place = None


def _is_current(place: Place) -> bool:
    return (g.get("desk_place") or request.blueprint) in (place.endpoint.partition(".")[0], *place.also)
