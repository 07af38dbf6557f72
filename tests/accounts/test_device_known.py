"""The session's answer tells a phone that comes back empty that it was here before."""

from cdtteam.core.ids import new_id
from tests.support.world import PASSWORD, Phone, World


def known(phone: Phone, handle: str) -> bool:
    """What signing in on this browser says, on a device that has a new id."""
    body = {"sign_in": handle, "password": PASSWORD, "device_id": str(new_id())}
    said: bool = phone.client.post("/api/v1/session", json=body).json["device_known"]
    return said


def test_a_browser_that_has_sent_is_known_again(world: World) -> None:
    device = new_id()
    phone = Phone(world.app.test_client(), world.members["an"], device)
    body = {"sign_in": "an", "password": PASSWORD, "device_id": str(device)}
    assert phone.client.post("/api/v1/session", json=body).json["device_known"] is False
    assert known(phone, "an") is False
    phone.client.post("/api/v1/session", json=body)
    phone.send()
    assert phone.client.get("/api/v1/session").json["device_known"] is True
    assert known(phone, "an") is True


def test_neither_another_member_nor_another_browser_is(world: World) -> None:
    device = new_id()
    phone = Phone(world.app.test_client(), world.members["an"], device)
    phone.client.post("/api/v1/session", json={"sign_in": "an", "password": PASSWORD, "device_id": str(device)})
    phone.send()
    assert known(phone, "binh") is False
    assert known(Phone(world.app.test_client(), world.members["an"]), "an") is False
