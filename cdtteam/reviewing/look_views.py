"""The list of what deserves a look, and one of it, which may be left as it is."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from cdtteam.admin.desk import Page, answer_form, todays_map
from cdtteam.admin.form import Form, Values
from cdtteam.areas.queries import AreaMap, AreaOnMap
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.problems import Problem
from cdtteam.replica.work import Work
from cdtteam.reviewing import words
from cdtteam.reviewing.desk import REVIEW, blueprint, commune_of_reader, service_names
from cdtteam.reviewing.found import entries_sent_back, looks_at, words_lost
from cdtteam.reviewing.models import Sign
from cdtteam.reviewing.operations import keep_as_it_is
from cdtteam.reviewing.queries import MOST, Line, done_in, entries_of, find_look, lines_of, lost_words, visits_seen
from cdtteam.reviewing.signs import Look
from cdtteam.web.guards import current_actor, requires

SHOWN = ("waiting", "done")


@dataclass(frozen=True, slots=True)
class Known:
    """A look with what it is about."""

    line: Line
    visits: list[Any]
    services: dict[str, str]
    household: Any = None
    lost: Any = ()
    entries: Any = ()


@blueprint.get("/desk/review")
@requires(REVIEW)
def home_page() -> Page:
    """What deserves a look in the reader's commune, or what was done about it."""
    areas = todays_map()
    commune, shown = commune_of_reader(areas), request.args.get("show", SHOWN[0])
    if shown not in SHOWN:
        raise Problem("not_found")
    lines, done = [], []
    if shown == "waiting":
        looks = _looks(areas, commune)
        lines = lines_of(db.session(), areas, looks[:MOST])
    else:
        done = done_in(current_actor(), db.session(), areas, commune.id)
    return render_template("reviewing/home.html", area=commune, shown=shown, lines=lines, done=done, most=MOST)


@blueprint.route("/desk/review/looks/<sign>/<key>", methods=["GET", "POST"])
@requires(REVIEW)
def look_page(sign: str, key: str) -> Page:
    """One thing that deserves a look, with what it is about."""
    areas = todays_map()
    commune = commune_of_reader(areas)
    if sign not in set(Sign):
        raise Problem("not_found")
    home = url_for(".home_page")

    def build() -> Form:
        look = find_look(_looks(areas, commune), sign, key)
        form = Form(words.sign_name(sign), _("Worth a look"), home, words.keep_words(sign), [])
        if look is not None:
            form.version, form.details = look.mark, _known(areas, look)
        return form

    def act(work: Work, values: Values) -> str:
        work.lock(areas.ground_below(commune.id))
        look = find_look(_looks(areas, commune), sign, key)
        if look is None:
            return home  # somebody has looked at it meanwhile
        if look.mark != values.seen:
            raise Problem("changed_meanwhile")
        keep_as_it_is(current_actor(), work, look)
        return url_for(".home_page", done="kept")

    return answer_form(build, act, "reviewing/look.html")


def _looks(areas: AreaMap, commune: AreaOnMap) -> list[Look]:
    session, now, actor = db.session(), clock.now(), current_actor()
    readers = (entries_sent_back, looks_at, words_lost)
    return [look for read in readers for look in read(actor, session, areas, commune.id, now)]


def _known(areas: AreaMap, look: Look) -> Known:
    session = db.session()
    [line] = lines_of(session, areas, [look])
    if look.sign is Sign.CONFLICT:
        household, lost = lost_words(session, look)
        return Known(line, [], {}, household, lost)
    if look.sign is Sign.SENT_BACK:
        entries = [(entry, Problem(entry.code).message) for entry in entries_of(session, look)]
        return Known(line, [], {}, entries=entries)
    visits = visits_seen(current_actor(), session, areas, look.subjects[:MOST], clock.now())
    return Known(line, visits, service_names())
