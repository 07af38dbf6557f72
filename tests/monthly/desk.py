"""The report at the desk: its page, its files, and what an officer does there."""

import re
from typing import Any

from flask.testing import FlaskClient

from cdtteam.core import clock
from tests.desk.test_pages import text_of
from tests.support.world import World


def month() -> str:
    """The month of today."""
    return f"{clock.civil_date(clock.now()):%Y-%m}"


def page(client: FlaskClient, query: str = "", status: int = 200) -> str:
    """The report's page, which answers with this status."""
    answer = client.get(f"/desk/reports?period={month()}{query}")
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def form_of(html: str) -> dict[str, str]:
    """The hidden fields of the form on the page."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))


def file(client: FlaskClient, kind: str = "docx", query: str = "") -> bytes:
    """The file that a template makes of the report as it stands."""
    answer = client.get(f"/desk/reports/file?period={month()}&template={kind}{query}")
    assert answer.status_code == 200
    return answer.data


def save(client: FlaskClient, **typed: str) -> Any:
    """Keeps what was typed."""
    return client.post("/desk/reports/draft", data=form_of(page(client)) | typed)


def close(client: FlaskClient, form: dict[str, str] | None = None, **typed: str) -> str:
    """Closes the report as its page offers it; the address of the edition."""
    answer = client.post("/desk/reports/close", data=(form or form_of(page(client))) | typed)
    assert answer.status_code == 303, text_of(answer.get_data(as_text=True))
    return answer.headers["Location"]


def vn(number: int) -> str:
    """A number as Vietnamese write it."""
    return f"{number:,}".replace(",", ".")


def work(world: World) -> World:
    """Village a after some work, village b silent; so is c, in the other commune."""
    phone = world.phone("an")
    home = phone.household(world.villages["a"])
    visits = [phone.visit(world.villages["a"], participants=600, household_id=home["args"]["id"]) for _ in range(2)]
    phone.send(home, *visits, phone.visit(world.villages["a"], participants=34))
    return world


def upload(client: FlaskClient, content: bytes, name: str = "mẫu.docx", form_id: str = "") -> Any:
    """Puts up a template."""
    html = client.get("/desk/reports/templates").get_data(as_text=True)
    offered = re.findall(r'name="form_id" value="([^"]+)"', html)[-1]
    fields = {"form_id": form_id or offered, "name": "Mẫu của xã"}
    # Written by hand: the client would put a large file into one of its own, which it does not close.
    parts = [f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n' for key, text in fields.items()]
    parts.append(f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n')
    body = "".join(parts).encode() + content + b"\r\n--x--\r\n"
    return client.post("/desk/reports/templates", data=body, content_type="multipart/form-data; boundary=x")
