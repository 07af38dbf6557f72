"""How many households agree, do not agree and were not asked: by village and commune, through access, without names."""

import re
import sqlite3
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from tests.desk.test_pages import assert_valid, page, text_of
from tests.support.world import Phone, World


def said(phone: Phone, **words: bool) -> dict[str, Any]:
    """Consents as a phone sends them."""
    return {
        purpose: {"given": given, "notice": "2026-1", "at": phone.now().isoformat()} for purpose, given in words.items()
    }


def rows(client: FlaskClient, path: str) -> list[str]:
    """The lines of the table: a name and six numbers."""
    html = page(client, path)
    assert_valid(html)
    return [text_of(row) for row in re.findall(r'<tr>(<th scope="row".*?)</tr>', html, re.DOTALL)]


def asked(world: World) -> World:
    """In village a some agreed to all or to their name alone, some refused, one was not asked; one in b and in c."""
    an, chi, dung = (world.phone(handle) for handle in ("an", "chi", "dung"))
    a = world.villages["a"]
    later = an.household(a, "Hộ Đổi Ý")
    an.send(
        an.household(a, "Hộ Một", consents=said(an, named=True, contact=True), phone="0912345678"),
        an.household(a, "Hộ Hai", consents=said(an, named=True, contact=False)),
        an.household(a, "Hộ Kín", consents=said(an, named=False)),
        an.household(a, "Hộ Chưa"),
        later,
    )
    gone = an.household(a, "Hộ Nhầm")
    an.send(gone, an.mutation("household.withdraw", {"id": gone["args"]["id"], "reason": "nhầm"}))
    change = {"id": later["args"]["id"], "base_version": None, "consents": said(an, named=False)}
    an.send(an.mutation("household.update", change))
    chi.send(chi.household(world.villages["b"]))
    dung.send(dung.household(world.villages["c"], consents=said(dung, named=True)))
    return world


def test_a_commune_reads_its_own_by_village(world: World) -> None:
    found = rows(asked(world).client("xa"), "/desk/households")
    assert found == ["Thôn A 2 2 1 1 1 1", "Thôn B 0 0 1 0 0 1", "Tổng cộng 2 2 2 1 1 2"]
    assert "Hộ Một" not in page(world.client("xa"), "/desk/households")


def test_the_province_reads_all_by_commune_and_each_by_village(world: World) -> None:
    tinh = asked(world).client("tinh")
    assert rows(tinh, "/desk/households") == ["Xã far 1 0 0 0 0 1", "Xã near 2 2 2 1 1 2", "Tổng cộng 3 2 2 1 1 3"]
    assert rows(tinh, "/desk/households?commune=21604") == ["Thôn C 1 0 0 0 0 1", "Tổng cộng 1 0 0 0 0 1"]


def test_a_name_that_was_refused_is_in_no_file_of_the_database(world_on_sqlite: World) -> None:
    world = world_on_sqlite
    path = Path(str(world.app.config["SQLALCHEMY_DATABASE_URI"].database))
    an = world.phone("an")
    home = an.household(world.villages["a"], "Đinh Thị Suối Kín")
    an.send(home)
    assert files_with("Suối Kín", path)
    reader = sqlite3.connect(path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM household").fetchone()
    an.send(
        an.mutation(
            "household.update", {"id": home["args"]["id"], "base_version": None, "consents": said(an, named=False)}
        )
    )
    reader.close()
    an.send(an.visit(world.villages["a"]))
    assert files_with("Suối Kín", path) == [], "a reader that was in the way has gone, and the next write sees to it"


def files_with(name: str, path: Path) -> list[str]:
    """Which of the database's files hold a name."""
    return [file.name for file in path.parent.glob(f"{path.name}*") if name.encode() in file.read_bytes()]
