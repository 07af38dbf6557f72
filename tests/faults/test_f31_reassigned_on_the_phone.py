"""F31, on the phone: a member gets another team and village while the app is open, and works on there at once."""

from typing import Any

from playwright.sync_api import Page

from tests.field.engine import Engine, send_now, until
from tests.field.wire import TEAM, VILLAGE, Json, Wire, account
from tests.support.browser import ContextFactory

OTHER_TEAM = "0197b0c2-0000-7000-8000-0000000000bb"
OTHER = "0197b0c2-0000-7000-8000-000000000002"
IDLE = "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'"
WHERE = """async () => [(await store.team())?.name, (await store.villages()).map(({ id }) => id),
  (await store.members('%s')).map(({ name }) => name)]"""


def village(identifier: str) -> Json:
    return {"id": identifier, "name": "Thôn", "kind": "thôn", "commune_name": "Xã"}


def put_team(wire: Wire, identifier: str, name: str, *villages: str) -> None:
    served = [village(one) for one in villages]
    wire.put("team", {"id": identifier, "village_id": villages[0], "name": name, "villages": served})


def leave(wire: Wire, identifier: str) -> None:
    """A village that is served no more, told as the server does."""
    wire.version += 1
    wire.log.append({"kind": "village", "id": identifier, "gone": "left_scope", "version": wire.version})


def where(page: Page, identifier: str) -> Any:
    return page.evaluate(WHERE % identifier)


def test_another_team_while_the_app_is_open(phone: ContextFactory) -> None:
    engine = Engine(phone)
    wire = engine.wire
    put_team(wire, TEAM, "Tổ A", VILLAGE)
    wire.put("member", {"id": "m1", "name": "Lan", "team_id": TEAM})
    page = engine.open(account(), sync=True)
    until(page, f"{IDLE} && (await store.team())")
    assert where(page, VILLAGE) == ["Tổ A", [VILLAGE], ["Lan"]]

    wire.signed_in = account(team_id=OTHER_TEAM, village_ids=[OTHER])
    leave(wire, VILLAGE)
    put_team(wire, OTHER_TEAM, "Tổ B", OTHER)
    wire.put("member", {"id": "m2", "village_id": OTHER, "name": "Mai", "team_id": OTHER_TEAM})
    send_now(page)
    until(page, f"{IDLE} && (await store.team())?.name === 'Tổ B'")
    assert where(page, OTHER) == ["Tổ B", [OTHER], ["Mai"]]
    # In one go: the next answer of the server would take the other team up again.
    read = "async (old) => { await store.adopt(old); return store.team(); }"
    assert page.evaluate(read, account()) is None, "the old team's row is gone"


def test_a_team_that_still_serves_one_village_stays(phone: ContextFactory) -> None:
    engine = Engine(phone)
    wire = engine.wire
    put_team(wire, TEAM, "Tổ A", VILLAGE, OTHER)
    wire.signed_in = account(village_ids=[VILLAGE, OTHER])
    page = engine.open(wire.signed_in, sync=True)
    until(page, f"{IDLE} && (await store.team())")
    wire.signed_in = account(village_ids=[OTHER])
    leave(wire, VILLAGE)
    send_now(page)
    until(page, f"{IDLE} && (await store.account()).village_ids.length === 1")
    assert page.evaluate("async () => (await store.team()).name") == "Tổ A"


def test_an_own_change_of_team_in_the_same_village(phone: ContextFactory) -> None:
    engine = Engine(phone)
    wire = engine.wire
    page = engine.open(account(), sync=True)
    until(page, IDLE)
    moved = account(team_id=OTHER_TEAM)
    wire.signed_in = moved
    wire.put("member", {"id": moved["member_id"], "name": moved["name"], "team_id": OTHER_TEAM})
    send_now(page)
    until(page, f"{IDLE} && (await store.account()).team_id === '{OTHER_TEAM}'")
