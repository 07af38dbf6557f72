"""Certificates of participation: who gets one, what it says, and that its figures are everybody's."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from cdtteam.core import clock
from tests.desk.test_pages import assert_valid, page, text_of
from tests.support.assigning import Officer
from tests.support.days import this_month, today
from tests.support.wire import unlimited
from tests.support.world import Phone, World
from tests.sync.test_attendance import day


def of_month() -> str:
    """The address of the month's certificates."""
    return f"/desk/certificates?for={this_month()}"


@pytest.fixture
def near(world: World) -> FlaskClient:
    """The commune's officer, after a little work."""
    unlimited(world)
    an, chi = world.phone("an"), world.phone("chi")
    home = an.household(world.villages["a"], "Y Thanh Lan")
    again = [along(an, world, household_id=home["args"]["id"], participants=people) for people in (1, 3)]
    an.send(home, *again, an.visit(world.villages["a"]), day(an, world, "an", "binh"))
    chi.send(day(chi, world, "chi", village_id=str(world.villages["b"]), activity="training"))
    return world.client("xa")


def along(phone: Phone, world: World, **args: Any) -> dict[str, Any]:
    """A visit of two members."""
    crew = [str(world.members[name]) for name in ("an", "binh")]
    return phone.visit(world.villages["a"], member_ids=crew, **args)


def certificate(html: str, name: str) -> str:
    """The text of somebody's certificate; empty where there is none."""
    found = re.search(rf'<article class="certificate"[^>]*{name}".*?</article>', html, re.DOTALL)
    return text_of(found[0]) if found else ""


def test_who_was_along_took_part_and_a_household_counts_once(near: FlaskClient) -> None:
    html = page(near, of_month())
    assert_valid(html)
    lead, mate = certificate(html, "Trần Văn An"), certificate(html, "Trần Văn Binh")
    said = "Số ngày công 1 ngày Số lượt hỗ trợ đã tham gia %s lượt Số hộ gia đình được hỗ trợ %s"
    assert said % (2, "1 hộ Số lượt người dân được hỗ trợ 4 lượt người") in mate
    assert said % (3, "1 hộ (ngoài ra 1 lượt tại hộ không ghi tên)") in lead
    assert f"(từ ngày 01/{today():%m/%Y} đến ngày {today():%d/%m/%Y})" in mate
    assert "Ủy ban nhân dân xã near xác nhận:" in mate
    assert "Thành viên, Tổ CNSCĐ thôn A" in mate
    assert "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH" in mate
    assert "Số ngày công 1 ngày Số lượt hỗ trợ đã tham gia 0 lượt" in certificate(html, "Trần Văn Chi")
    assert "Trần Văn Dung" not in html, "of another commune"
    for period in (f"{today():%Y}", f"{today():%Y}-Q{(today().month + 2) // 3}"):
        assert "tham gia 2 lượt" in certificate(page(near, f"/desk/certificates?for={period}"), "Trần Văn Binh")


def test_for_a_team_or_for_one_member(near: FlaskClient, world: World) -> None:
    team = page(near, f"{of_month()}&whom=team:{world.teams['a']}")
    assert [bool(certificate(team, name)) for name in ("Trần Văn An", "Trần Văn Binh", "Trần Văn Chi")] == [
        True, True, False,
    ]  # fmt: skip
    one = page(near, f"{of_month()}&whom=member:{world.members['binh']}")
    assert_valid(one)
    assert one.count('<article class="certificate"') == 1
    nobody = page(near, f"{of_month()}&whom=member:{world.members['dung']}")
    assert "Chưa ghi nhận kết quả nào" in text_of(nobody)
    assert "Dung" not in nobody
    for path in (f"{of_month()}&whom=team:x", "/desk/certificates?for=2026-W48", "/desk/certificates?for=%00"):
        assert near.get(path).status_code == 422


def test_who_signs_is_typed_or_as_in_the_last_report(near: FlaskClient) -> None:
    signed = "&place=Vĩnh Sơn&dated_on=2026-02-05&sign_for=TM. UBND&sign_title=PHÓ CHỦ TỊCH&sign_name=Đinh <b>Văn"
    html = page(near, of_month() + signed)
    assert_valid(html)
    shown = certificate(html, "Trần Văn An")
    assert "Vĩnh Sơn, ngày 05 tháng 02 năm 2026" in shown
    assert "TM. UBND PHÓ CHỦ TỊCH Đinh &lt;b&gt;Văn" in shown
    other = re.search(r'href="([^"]*whom=member[^"]*)"', html)
    assert other
    assert "PHÓ CHỦ TỊCH" in page(near, other[1].replace("&amp;", "&")), "kept on the way to one member's"


def test_of_a_campaign_what_counts_for_it(near: FlaskClient, world: World) -> None:
    officer = Officer(world)
    campaign = officer.issue(title="Tuần lễ VNeID")
    [task] = officer.give(officer.order(target=10), campaign_id=campaign, title="Tuần lễ VNeID")
    path = f"/desk/certificates?for={campaign}"
    assert "tham gia 0 lượt" in certificate(page(near, path), "Trần Văn An")
    an = world.phone("an")
    vneid = [{"code": "vneid_level2", "people": 1, "outcome": "done"}]
    listed = an.household(world.villages["a"], "Bá Thị Hạnh")
    home = listed["args"]["id"]
    before = (clock.now() - timedelta(days=3)).isoformat()
    an.send(
        listed, along(an, world, task_id=task), an.visit(world.villages["a"], services=vneid),
        an.visit(world.villages["a"], services=vneid, occurred_at=before), along(an, world, household_id=home),
    )  # fmt: skip
    html = page(near, path)
    assert "tham gia 2 lượt" in certificate(html, "Trần Văn An")
    assert "tham gia 1 lượt" in certificate(html, "Trần Văn Binh")
    assert "Đợt “Tuần lễ VNeID”, theo 123/KH-UBND" in certificate(html, "Trần Văn An")
    few = officer.issue(title="Các hộ đã chọn")
    officer.give(officer.order(household_ids=[UUID(home)]), campaign_id=few, service="dvc_online")
    html = page(near, f"/desk/certificates?for={few}")
    assert "tham gia 1 lượt" in certificate(html, "Trần Văn Binh"), "only the list's households"
