"""The month's attendance sheet: what it counts, what it is worth, and days that were forgotten."""

import io
import re
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from openpyxl import load_workbook

from tests.admin.test_pages import hidden, send
from tests.desk.test_pages import assert_valid, page, text_of
from tests.support.days import this_month, today
from tests.support.world import World
from tests.sync.test_attendance import day


def line_of(html: str, name: str) -> list[str]:
    """The cells of a person's line, without the days' marks."""
    row = re.search(rf"<tr>(?:(?!</tr>).)*{name}.*?</tr>", html, re.DOTALL)
    assert row
    found = re.findall(r'<td class="num[^"]*">(.*?)</td>', row[0])
    return found[1:]


def test_a_day_counts_once_and_is_worth_its_rate(world: World) -> None:
    an, desk = world.phone("an"), world.client("xa")
    sent = [day(an, world, "an", "binh"), day(an, world, "an", activity="meeting")]
    assert {result["status"] for result in an.send(*sent)} == {"applied"}
    html = page(desk, f"/desk/attendance?month={this_month()}")
    assert_valid(html)
    assert line_of(html, "Trần Văn An") == ["1", "0", "", ""]
    assert send(desk, f"/desk/attendance/rates?month={this_month()}", rate="150.000 đ").status_code == 303
    html = page(desk, f"/desk/attendance?month={this_month()}")
    assert line_of(html, "Trần Văn Binh") == ["1", "0", "150.000", "150.000"]
    assert "Trần Văn Dung" not in html
    own = {str(world.teams["a"]): "200000"}
    assert send(desk, f"/desk/attendance/rates?month={this_month()}", **own).status_code == 303
    html = page(desk, f"/desk/attendance?month={this_month()}")
    assert line_of(html, "Trần Văn Binh")[-1] == "200.000"
    assert line_of(page(desk, f"/desk/attendance?month={this_month()}&calendar=report"), "Trần Văn An")[2:] == ["", ""]


def test_a_rate_that_was_changed_meanwhile_is_not_overwritten(world: World) -> None:
    desk, path = world.client("xa"), f"/desk/attendance/rates?month={this_month()}"
    stale = hidden(page(desk, path))
    assert send(desk, path, rate="100000").status_code == 303
    answer = desk.post(path, data=stale | {"rate": "90000"})
    assert answer.status_code == 409
    shown = answer.get_data(as_text=True)
    assert 'value="90000"' in shown
    assert "Hiện nay là: 100.000" in text_of(shown) or "100.000" in text_of(shown)
    assert send(desk, path, rate="một trăm").status_code == 422
    assert 'value="100.000"' in page(desk, path)


def test_days_with_visits_are_listed_and_those_that_are_ticked_added_once(world: World) -> None:
    an, desk = world.phone("an"), world.client("xa")
    crew = [str(world.members["an"]), str(world.members["binh"])]
    an.send(an.visit(world.villages["a"], member_ids=crew), an.visit(world.villages["a"]), day(an, world, "an"))
    path = f"/desk/attendance?month={this_month()}"
    html = page(desk, path)
    assert line_of(html, "Trần Văn Binh")[:2] == ["0", "1"]
    assert "Thêm 1 ngày" in text_of(html)
    where = f"/desk/attendance/{world.teams['a']}/forgotten?month={this_month()}"
    html = page(desk, where)
    assert_valid(html)
    assert f"Trần Văn Binh · {today():%d/%m/%Y}" in text_of(html)
    assert "Trần Văn An ·" not in text_of(html)
    assert send(desk, where).status_code == 303
    assert line_of(page(desk, path), "Trần Văn Binh")[:2] == ["0", "1"], "nothing was ticked"
    form = hidden(html) | {f"{world.members['binh'].hex}-{today()}": "yes"}
    assert [desk.post(where, data=form).status_code for _again in range(2)] == [303, 303]
    html = page(desk, path)
    assert line_of(html, "Trần Văn Binh")[:2] == ["1", "1"]
    assert line_of(html, "Trần Văn An")[:2] == ["1", "1"]
    assert (html.count(">x<"), html.count(">x*<")) == (1, 1)
    assert "x*: ngày do xã nhập thay" in text_of(html)
    answer = desk.get(f"/desk/attendance/file?month={this_month()}")
    book: Any = load_workbook(io.BytesIO(answer.data)).active
    marks = {row[1].value: [cell.value for cell in row if cell.value in ("x", "x*")] for row in book.iter_rows()}
    assert (marks["Trần Văn An"], marks["Trần Văn Binh"]) == (["x"], ["x*"])
    an.send()
    added = [row for row in an.kind("attendance").values() if row.get("entered_for")]
    assert [row["member_ids"] for row in added] == [[str(world.members["binh"])]]


def test_the_workbook_has_numbers_and_formulas(world_on_sqlite: World) -> None:
    world = world_on_sqlite
    an, desk = world.phone("an"), world.client("xa")
    an.send(day(an, world, "an"), day(an, world, "an", on=(today() - timedelta(days=1)).isoformat()))
    send(desk, f"/desk/attendance/rates?month={this_month()}", rate="150000")
    answer = desk.get(f"/desk/attendance/file?month={this_month()}")
    assert "attachment" in answer.headers["Content-Disposition"]
    sheet: Any = load_workbook(io.BytesIO(answer.data)).active
    row = next(row for row in sheet.iter_rows() if row[1].value == "Trần Văn An")
    assert row[-3].value == 150000
    assert row[-2].value == f"={row[-4].column_letter}{row[0].row}*{row[-3].column_letter}{row[0].row}"
    assert row[-4].value.startswith("=COUNTIF(")
    assert [cell.value for cell in row].count("x") == (2 if today().day > 1 else 1)
    assert sheet.page_setup.orientation == "landscape"


def test_the_blank_sheet_names_nobody_unless_asked(world_on_sqlite: World) -> None:
    desk: FlaskClient = world_on_sqlite.client("xa")
    team = world_on_sqlite.teams["a"]
    html = page(desk, f"/desk/paper?team={team}&month={this_month()}")
    assert_valid(html)
    assert "Tổ CNSCĐ thôn A" in text_of(html)
    assert "Trần Văn" not in html
    assert "Trần Văn Binh" in page(desk, f"/desk/paper?team={team}&names=yes")
