"""An officer puts right what was entered from paper: prefilled, with its history, never over somebody else's word."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cdtteam.accounts.models import User
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.visits.models import VisitChange
from tests.admin.test_pages import hidden, send
from tests.desk.test_pages import assert_valid, page, text_of
from tests.paper.test_entry import enter, form_of, row, visits
from tests.support.days import this_month, today
from tests.support.world import World


def entered_visit(world: World, desk: FlaskClient) -> str:
    """Enters a visit of An's household; answers where it is corrected."""
    an = world.phone("an")
    an.send(an.household(world.villages["a"], "Nguyễn Văn An"))
    assert (
        enter(world, desk, form_of(world, desk) | row(1, household="nguyen van an", note="viết tay")).status_code == 303
    )
    link = re.search(r'href="(/desk/entry/visits/[^"]+/amend)"', page(desk, f"/desk/entry/{world.teams['a']}"))
    assert link
    return link[1]


def chosen(html: str) -> dict[str, str]:
    """What the fields of a form hold."""
    found = dict(re.findall(r'<input class="input[^>]* name="(\w+)"[^>]* value="([^"]*)"', html))
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        found[name] = re.findall(r'<option value="([^"]*)" selected', options)[0]
    return found


def changes(world: World) -> list[dict[str, Any]]:
    with world.app.app_context():
        return list(db.session.scalars(select(VisitChange.before)))


def who_changed(world: World) -> list[str]:
    """The handles of the officers who changed visits."""
    with world.app.app_context():
        by = select(User.handle).join(VisitChange, VisitChange.entered_by == User.id)
        return list(db.session.scalars(by))


def test_the_form_holds_the_entry_and_what_is_changed_counts_at_once(world: World) -> None:
    desk = world.client("xa")
    path = entered_visit(world, desk)
    html = page(desk, path)
    assert_valid(html)
    form = chosen(html)
    assert (form["on"], form["services"]) == (today().isoformat(), "1, 2")
    assert (form["people"], form["note"]) == ("3", "viết tay")
    assert send(desk, path, **form | {"reason": "thử"}).status_code == 303
    assert changes(world) == [], "nothing was changed"
    answer = send(desk, path, **form | {"people": "5", "household": "", "services": "2", "reason": "ghi nhầm số người"})
    assert answer.status_code == 303
    assert "Đã sửa" in text_of(page(desk, answer.headers["Location"]))
    (visit,) = visits(world)
    assert (visit.participants, visit.household_id, visit.note) == (5, None, "viết tay")
    assert [(one["people"], one["outcome"]) for one in visit.services] == [(5, "done")]
    (before,) = changes(world)
    assert (before["participants"], len(before["services"])) == (3, 2)
    assert who_changed(world) == ["xa"]
    figures = desk.get(f"/api/v1/participation?area=21601&period={this_month()}").json
    assert (figures["people"], figures["households"], figures["households_unnamed"]) == (5, 0, 1)
    an = world.phone("an")
    an.send()
    assert [one["participants"] for one in an.kind("visit").values()] == [5]


def test_what_is_wrong_stands_at_its_field(world_on_sqlite: World) -> None:
    world, desk = world_on_sqlite, world_on_sqlite.client("xa")
    path = entered_visit(world, desk)
    form = chosen(page(desk, path)) | {"reason": "sửa"}
    tomorrow, ages_ago = (today() + timedelta(days=1)).isoformat(), (today() - timedelta(days=300 * 20)).isoformat()
    for name, value in (("on", tomorrow), ("on", ages_ago), ("services", "999"), ("people", "0"), ("reason", "")):
        answer = send(desk, path, **form | {name: value})
        assert answer.status_code == 422, name
        assert f'id="{name}-error"' in answer.get_data(as_text=True)
    assert changes(world) == []


def test_what_the_team_corrected_meanwhile_is_shown_and_not_overwritten(world: World) -> None:
    desk, binh = world.client("xa"), world.phone("binh")
    path = entered_visit(world, desk)
    seen = hidden(page(desk, path))
    form = chosen(page(desk, path)) | {"reason": "sửa", "people": "5"}
    (visit,) = visits(world)
    amended = binh.mutation("visit.amend", {"id": str(visit.id), "reason": "đếm lại", "participants": 8})
    assert binh.send(amended)[0]["status"] == "applied"
    answer = desk.post(path, data=seen | form)
    assert answer.status_code == 409
    assert "Hiện đang là: 8" in text_of(answer.get_data(as_text=True))
    assert visits(world)[0].participants == 8
    again = hidden(answer.get_data(as_text=True))
    assert desk.post(path, data=again | form).status_code == 303
    assert visits(world)[0].participants == 5
    assert [before["participants"] for before in changes(world)] == [3, 8]


def test_a_visit_that_was_withdrawn_or_is_anothers_is_not_corrected(world_on_sqlite: World) -> None:
    world, desk = world_on_sqlite, world_on_sqlite.client("xa")
    path = entered_visit(world, desk)
    seen, form = hidden(page(desk, path)), chosen(page(desk, path)) | {"reason": "sửa", "people": "5"}
    assert world.client("xakhac").get(path).status_code == 403
    assert send(desk, path.replace("/amend", "/withdraw"), reason="ghi trùng").status_code == 303
    assert desk.post(path, data=seen | form).status_code in (409, 410)
    assert visits(world)[0].participants == 3
    an = world.phone("an")
    own = an.visit(world.villages["a"])
    an.send(own)
    assert desk.get(f"/desk/entry/visits/{own['args']['id']}/amend").status_code == 404
    assert clock.civil_date(visits(world)[0].occurred_at) == today()


def test_what_is_entered_for_today_is_todays_from_the_first_moment_on(
    world_on_sqlite: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A visit lies a second before its entry, and half a second after midnight that would be the day before."""
    world, midnight = world_on_sqlite, clock.day_start(today())
    monkeypatch.setattr(clock, "now", lambda: midnight + timedelta(seconds=0.5))
    desk = world.client("xa")
    yesterday = row(2, on=(today() - timedelta(days=1)).isoformat(), people="9")
    assert enter(world, desk, form_of(world, desk) | row(1) | yesterday).status_code == 303
    first, other = visits(world)
    assert [today() - clock.civil_date(one.occurred_at) for one in (first, other)] == [timedelta(), timedelta(days=1)]
    path = f"/desk/entry/visits/{other.id}/amend"
    form = chosen(page(desk, path)) | {"on": today().isoformat(), "reason": "nhầm ngày"}
    assert send(desk, path, **form).status_code == 303
    assert {clock.civil_date(one.occurred_at) for one in visits(world)} == {today()}
