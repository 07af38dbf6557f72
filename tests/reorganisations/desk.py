"""Somebody of the province with a file of a reorganisation, as the desk's forms have it."""

import html
import io
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask.testing import FlaskClient

from cdtteam.core import clock
from cdtteam.core.ids import new_id
from tests.support.spreadsheets import Rows, workbook
from tests.support.world import World

HOME = "/desk/reorganisations"
HEAD = ("Mã cũ", "Tên hiện nay", "Mã mới", "Tên mới", "Loại mới")
MERGER = [
    HEAD,
    ("21601", "Xã near", "30001", "Phường Chung", "Phường"),
    ("21604", "Xã far", "30001", "Phường Chung", "Phường"),
]
SPLIT = [
    HEAD,
    ("21601", "Xã near", "30001", "Phường Đông", "Phường"),
    ("21601", "Xã near", "21604", "Xã Tây", "Xã"),
    ("21604", "Xã far", "21604", "Xã Tây", "Xã"),
]

VILLAGE_HEAD = ("Mã cũ", "Tên hiện nay", "Xã, phường", "Mã mới", "Tên mới", "Loại mới", "Mã xã mới")
VILLAGES = [
    VILLAGE_HEAD,
    ("va", "Thôn A", "Xã near", "va", "Thôn Chung", "thôn", "21601"),
    ("vb", "Thôn B", "Xã near", "va", "Thôn Chung", "thôn", "21601"),
    ("vc", "Thôn C", "Xã far", "", "", "", ""),
]


def today() -> date:
    """The civil day."""
    return clock.civil_date(clock.now())


def yesterday() -> date:
    """The day before."""
    return today() - timedelta(days=1)


@dataclass
class Desk:
    """Somebody of the staff at the pages of reorganisations."""

    client: FlaskClient

    def put_up(self, rows: Rows, *, file: tuple[bytes, str] | None = None, **form: Any) -> Any:
        """The answer to a file."""
        content, name = file or (workbook(rows), "sắp xếp.xlsx")
        given = {"form_id": str(new_id()), "kind": "communes", "effective_on": today().isoformat()} | form
        data = given | {"file": (io.BytesIO(content), name)}
        return self.client.post(HOME, data=data, content_type="multipart/form-data")

    def draft(self, rows: Rows, **form: Any) -> str:
        """The address of the page of a file that was put up."""
        answer = self.put_up(rows, **form)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return str(answer.headers["Location"])

    def read(self, place: str, status: int = 200) -> str:
        """What a page says, in one line."""
        answer = self.client.get(place)
        assert answer.status_code == status
        return text_of(answer)

    def form(self, place: str, action: str) -> dict[str, str]:
        """The hidden fields of a form on a page."""
        page = self.client.get(place).get_data(as_text=True)
        forms = re.findall(r"<form\b.*?</form>", page, re.DOTALL)
        block = next((one for one in forms if f'action="{place}/{action}"' in one), None)
        assert block, f"no form {action}"
        found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', block)
        return {name: html.unescape(value) for name, value in found}

    def send(self, place: str, action: str, **data: str) -> Any:
        """Sends a form of a page as it stands there."""
        return self.client.post(f"{place}/{action}", data=self.form(place, action) | data)

    def applied(self, rows: Rows, **form: Any) -> str:
        """Puts a file up and applies it; answers the page of what was applied."""
        answer = self.send(self.draft(rows, **form), "apply")
        assert answer.status_code == 303, text_of(answer)
        return str(answer.headers["Location"])


def text_of(answer: Any) -> str:
    """What an answer says, in one line."""
    shown = re.sub(r"<(title|svg|option)\b.*?</\1>", " ", answer.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def province(world: World, handle: str = "tinh") -> Desk:
    """The province's officer."""
    return Desk(world.client(handle))
