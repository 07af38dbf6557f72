"""A coordinator with a file, as the desk's forms have it."""

import io
import re
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient

from cdtteam.core.ids import new_id
from tests.support.spreadsheets import Rows, workbook
from tests.support.world import World

HOUSEHOLDS = ("Mã hộ", "Họ và tên chủ hộ", "Thôn", "Xóm", "Số nhân khẩu", "Ghi chú")
PEOPLE = ("Họ và tên", "Số điện thoại", "Thôn", "Chức vụ", "Thuộc", "Từ ngày")


@dataclass
class Desk:
    """Somebody of the staff at the page of imports."""

    client: FlaskClient

    def put_up(self, kind: str, rows: Rows, *, file: tuple[bytes, str] | None = None, **form: Any) -> Any:
        """The answer to a file."""
        content, name = file or (workbook(rows), "danh sách.xlsx")
        data = {"form_id": str(new_id()), "kind": kind, "file": (io.BytesIO(content), name)} | form
        return self.client.post("/desk/imports", data=data, content_type="multipart/form-data")

    def page_of(self, kind: str, rows: Rows, **form: Any) -> str:
        """The address of the page of a file that was put up."""
        answer = self.put_up(kind, rows, **form)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return str(answer.headers["Location"])

    def read(self, place: str) -> str:
        """What a page says, in one line."""
        answer = self.client.get(place)
        assert answer.status_code == 200
        html = re.sub(r"<(title|svg|option|select)\b.*?</\1>", " ", answer.get_data(as_text=True), flags=re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", html).split())

    def field(self, place: str, form: str, name: str) -> str:
        """A hidden field of a form on a page."""
        html = self.client.get(place).get_data(as_text=True)
        block = re.search(rf'<form[^>]*action="{re.escape(place)}/{form}".*?</form>', html, re.DOTALL)
        assert block, f"no form {form}"
        found = re.search(rf'name="{name}" value="([^"]*)"', block[0])
        assert found, f"no field {name}"
        return found[1]

    def send(self, place: str, form: str, **data: str) -> Any:
        """Sends a form of a page as it stands there."""
        given = {"form_id": self.field(place, form, "form_id")} | data
        if form == "apply":
            given = {"version": self.field(place, form, "version")} | given
        return self.client.post(f"{place}/{form}", data=given)

    def take_in(self, kind: str, rows: Rows, **data: str) -> str:
        """Puts a file up and takes it in; answers its page."""
        place = self.page_of(kind, rows)
        answer = self.send(place, "apply", **data)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return place


def coordinator(world: World, handle: str = "xa") -> Desk:
    """The officer of the commune nearby."""
    return Desk(world.client(handle))


def counts(text: str) -> tuple[int, ...]:
    """New, there already, with problems, columns left out, as the preview says."""
    found = re.search(r"([\d.]+) mới ([\d.]+) đã có ([\d.]+) có lỗi ([\d.]+) cột không lấy", text)
    assert found, text
    return tuple(int(number.replace(".", "")) for number in found.groups())
