"""A province's report in a template of its own: made behind the page, once, for whoever asked for it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.jobs.models import Job, JobFile, State
from cdtteam.jobs.running import run_jobs
from cdtteam.web.transactions import writing
from tests.desk.test_pages import assert_valid, page, text_of
from tests.monthly.desk import close, month, upload, work
from tests.monthly.files import texts, word
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("press_at_hand")


def report() -> str:
    """The address of this month's report."""
    return f"/desk/reports?period={month()}"


FIELDS = r'<input type="hidden" name="(\w+)" value="([^"]*)"'


def form_for_file(client: FlaskClient, place: str) -> tuple[str, dict[str, str]]:
    """Where the form for another template goes, and what it sends."""
    html = page(client, place)
    assert_valid(html)
    found = re.search(r'<form class="pick-dates" method="post" action="([^"]+)">.*?</form>', html, re.DOTALL)
    assert found
    chosen = re.search(r'<option value="([^"]+)"', found[0])
    assert chosen
    return found[1], dict(re.findall(FIELDS, found[0])) | {"template": chosen[1]}


def put_up(client: FlaskClient) -> None:
    assert upload(client, word("{{ dia_ban }}: {{ luot }} lượt; {{ trang_thai }}")).status_code == 303


def jobs(world: World) -> int:
    with world.app.app_context():
        return db.session().scalar(select(func.count()).select_from(Job)) or 0


def test_made_once_by_the_worker_and_fetched_by_who_asked(world: World) -> None:
    province = work(world).client("tinh")
    put_up(province)
    action, form = form_for_file(province, report())
    leads = {province.post(action, data=form).headers["Location"] for _ in range(2)}
    leads.add(province.post(action, data=form | {"form_id": str(new_id())}).headers["Location"])
    assert len(leads) == 1, "two clicks, two windows: one job"
    job = leads.pop()
    assert "Sẽ bắt đầu" in text_of(page(province, job))
    run_jobs(world.app)
    run_jobs(world.app)
    assert jobs(world) == 1
    html = page(province, job)
    assert re.search(r"Tỉnh Bình Định · Tháng \d+/\d{4}", text_of(html)), "as people say it"
    answer = province.get(f"{job}/file")
    assert texts(answer.data)[0].startswith("Tỉnh Bình Định: 3 lượt")
    assert ".docx" in answer.headers["Content-Disposition"]
    for handle in ("xa", "quantri"):
        assert world.client(handle).get(f"{job}/file").status_code == 404, "somebody else's"
    with world.app.app_context(), writing(db.session()):
        db.session().execute(update(JobFile).values(made_at=clock.now() - timedelta(hours=25)))
    run_jobs(world.app)
    assert province.get(f"{job}/file").status_code == 404


def test_a_closed_edition_too_says_what_it_said(world: World) -> None:
    province = work(world).client("tinh")
    put_up(province)
    place = close(province)
    phone = world.phone("an")
    phone.send(phone.visit(world.villages["a"]))
    action, form = form_for_file(province, place)
    assert action == f"{place}/file"
    job = province.post(action, data=form).headers["Location"]
    run_jobs(world.app)
    assert texts(province.get(f"{job}/file").data)[0].startswith("Tỉnh Bình Định: 3 lượt")
    asked = province.get(f"{action}?template={form['template']}")
    assert (asked.status_code, asked.headers["Location"]) == (303, place), "no address makes one wait"
    assert province.get(f"{action}?template=docx").status_code == 200, "what was handed out is there at once"


def test_a_template_that_is_gone_is_said(world_on_sqlite: World) -> None:
    province = world_on_sqlite.client("tinh")
    put_up(province)
    action, form = form_for_file(province, report())
    job = province.post(action, data=form).headers["Location"]
    gone = {"form_id": str(new_id())}
    assert province.post(f"/desk/reports/templates/{form['template']}/retire", data=gone).status_code == 303
    run_jobs(world_on_sqlite.app)
    assert "Mẫu này không còn nữa." in text_of(page(province, job))


def closing(client: FlaskClient, **typed: str) -> Any:
    """Sends the form that closes the report, in the Word template that was put up."""
    html = page(client, report())
    chosen = re.search(r'<select class="input" id="docx".*?<option value="([0-9a-f-]{36})"', html, re.DOTALL)
    assert chosen
    form = dict(re.findall(FIELDS, html.partition('action="/desk/reports/draft"')[2]))
    return client.post("/desk/reports/close", data=form | {"docx": chosen[1]} | typed)


def test_a_provinces_report_is_closed_in_its_own_template_by_the_worker(world: World) -> None:
    province = work(world).client("tinh")
    put_up(province)
    form_id = str(new_id())
    answers = [closing(province, difficulties="Sóng yếu", form_id=form_id) for _ in range(2)]
    job = answers[0].headers["Location"]
    assert answers[1].headers["Location"] == job, "a second click"
    assert "Đang chờ" in text_of(page(province, job)) or "Sẽ bắt đầu" in text_of(page(province, job))
    assert "Sóng yếu" in page(province, report()), "what was typed is kept already"
    run_jobs(world.app)
    with world.app.app_context(), writing(db.session()):
        db.session().execute(update(Job).values(state=State.QUEUED, beat_at=None, ended_at=None))
    run_jobs(world.app)
    edition = province.get(job).headers["Location"]
    html = page(province, edition)
    assert "Bản 1" in text_of(html)
    assert "Sóng yếu" in html
    handed_out = texts(province.get(f"{edition}/file?template=docx").data)[0]
    assert handed_out.startswith("Tỉnh Bình Định: 3 lượt"), "in its own template"
    assert page(province, report()).count("/desk/reports/editions/") == 1, "done twice, it was closed once"


def test_in_another_template_it_is_another_job(world_on_sqlite: World) -> None:
    """Whoever goes back to choose another one is not led to the job that failed."""
    province = world_on_sqlite.client("tinh")
    put_up(province)
    upload(province, word("Mẫu khác: {{ luot }}"))
    first, other = re.findall(r"/templates/([0-9a-f-]{36})/file", page(province, "/desk/reports/templates"))
    form_id = str(new_id())
    sends = [closing(province, form_id=form_id, docx=one).headers["Location"] for one in (first, first)]
    assert sends[0] == sends[1]
    gone = {"form_id": str(new_id())}
    assert province.post(f"/desk/reports/templates/{first}/retire", data=gone).status_code == 303
    run_jobs(world_on_sqlite.app)
    assert "Mẫu này không còn nữa." in text_of(page(province, sends[0]))
    again = closing(province, form_id=form_id, docx=other).headers["Location"]
    assert again != sends[0]
    run_jobs(world_on_sqlite.app)
    assert "/desk/reports/editions/" in province.get(again).headers["Location"]


def test_closed_by_somebody_else_meanwhile_it_is_said(world_on_sqlite: World) -> None:
    province = world_on_sqlite.client("tinh")
    put_up(province)
    job = closing(province, difficulties="Sóng yếu").headers["Location"]
    close(province)
    run_jobs(world_on_sqlite.app)
    assert "Báo cáo đã được người khác chốt" in text_of(page(province, job))
    stale = closing(province, number="1", difficulties="Sóng mạnh")
    assert stale.status_code == 409
    assert "Sóng mạnh" in stale.get_data(as_text=True)


def test_a_communes_file_is_there_at_once(world_on_sqlite: World) -> None:
    put_up(world_on_sqlite.client("tinh"))
    html = page(world_on_sqlite.client("xa"), report())
    assert re.search(r'<form class="pick-dates" method="get" action="/desk/reports/file">', html)
