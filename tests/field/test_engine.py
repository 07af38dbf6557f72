"""The engine at work when nothing fails."""

from playwright.sync_api import Route

from cdtteam.pwa.assets import FIELD_DATE
from tests.field.engine import Engine, outbox, record, send_now, until
from tests.field.wire import TEAM, VILLAGE, Json, Wire, account
from tests.support.browser import ContextFactory


def test_a_visit_goes_from_saved_to_counted(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account())
    (identifier,) = record(page)
    assert page.evaluate("async () => (await store.myVisits({}))[0].status") == {"step": "saved"}
    page.evaluate("() => start()")
    until(page, "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'")
    assert page.evaluate("async () => (await store.myVisits({}))[0].status") == {"step": "counted"}
    assert engine.wire.effects == [identifier]
    assert page.evaluate("async () => (await store.lastSent()).all_sent_at") > 0


def test_figures_follow_what_is_recorded_amended_and_withdrawn(phone: ContextFactory) -> None:
    page = Engine(phone).open(account(), sync=True)
    home = page.evaluate("async () => { const h = household(); await store.createHousehold(h); return h.id; }")
    first, second = record(page, 2, {"household_id": home, "participants": 3})
    record(page, 1)
    month = page.evaluate("() => new Date(Date.now() + 7 * 3600000).toISOString().slice(0, 7)")
    totals = page.evaluate("(month) => store.totals(month)", month)
    assert (totals["visits"], totals["people"], totals["households"], totals["households_unnamed"]) == (3, 7, 1, 1)
    until(page, "(await store.outboxSize()) === 0")
    page.evaluate("(id) => store.amendVisit(id, 'sai', {participants: 1})", first)
    page.evaluate("(id) => store.withdrawVisit(id, 'trùng')", second)
    for expected_pending in (0, 0):
        totals = page.evaluate("(month) => store.totals(month)", month)
        assert (totals["visits"], totals["people"], totals["households"]) == (2, 2, 1)
        assert totals["pending"] == expected_pending
        until(page, "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'")
    listed = page.evaluate("(id) => store.households(id)", VILLAGE)
    assert [(one["visits"], one["pending"]) for one in listed] == [(1, False)]
    assert page.evaluate("async () => (await store.usage()).dvc_online") == 2
    statuses = page.evaluate("async () => (await store.myVisits({})).map((v) => v.status.reason || v.status.step)")
    assert sorted(statuses) == ["counted", "counted", "withdrawn"]


def test_a_household_counts_in_each_village_where_it_was_visited(phone: ContextFactory) -> None:
    page = Engine(phone).open(account())
    home = page.evaluate("async () => { const h = household(); await store.createHousehold(h); return h.id; }")
    record(page, 2, {"household_id": home})
    record(page, 1, {"household_id": home, "village_id": "0197b0c2-0000-7000-8000-000000000002"})
    totals = page.evaluate("() => store.totals(new Date(Date.now() + 7 * 3600000).toISOString().slice(0, 7))")
    assert (totals["visits"], totals["households"]) == (3, 2)


def test_nothing_to_report_is_the_own_teams_word(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account(), sync=True)
    of_another = {"period": "2026-11", "team_id": TEAM.replace("aa", "bb"), "author_id": "m9"}
    engine.wire.put("report", {"id": "r1", "village_id": VILLAGE, **of_another})
    send_now(page)
    send_now(page)
    assert engine.wire.requests[-1]["cursor"] == "1"
    assert not page.evaluate("async () => (await store.totals('2026-11')).reported_nothing")
    page.evaluate("(id) => store.reportNothing(id, '2026-11')", VILLAGE)
    assert page.evaluate("async () => (await store.totals('2026-11')).reported_nothing")


def test_a_row_with_a_change_on_top_gets_the_servers_news_and_keeps_the_change(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account(), sync=True)
    home = page.evaluate("async () => { const h = household(); await store.createHousehold(h); return h.id; }")
    until(page, "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'")
    engine.wire.faults.append(lambda route, body: route.abort() or True if body["mutations"] else False)
    page.evaluate("(id) => store.updateHousehold(id, {hamlet: 'Xóm 2'})", home)
    until(page, "sync.state().phase === 'waiting'")
    engine.wire.refuse = lambda mutation: {"code": "invalid_field", "field": "hamlet"}
    engine.wire.put("household", {"id": home, "village_id": VILLAGE, "head_name": "Đặng Văn Đức", "hamlet": "Xóm 1"})
    shown = page.evaluate("(id) => store.household(id)", home)
    assert (shown["head_name"], shown["hamlet"], shown["pending"]) == ("Nguyễn Thị Hoa", "Xóm 2", True)
    engine.wire.faults.clear()  # from here on it may try again by itself
    send_now(page)
    until(page, "(await store.attention()).length === 1")
    shown = page.evaluate("(id) => store.household(id)", home)
    assert (shown["head_name"], shown["hamlet"], shown["pending"]) == ("Đặng Văn Đức", "Xóm 1", False)


def test_a_conflict_shows_the_row_as_it_now_stands(phone: ContextFactory) -> None:
    wire = Wire()
    engine = Engine(phone, wire)
    page = engine.open(account(), sync=True)
    home = page.evaluate("async () => { const h = household(); await store.createHousehold(h); return h.id; }")
    until(page, "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'")

    def conflict(route: Route, body: Json) -> bool:
        if not body["mutations"]:
            return False
        answer = wire.answer({**body, "mutations": []})
        current = {"id": home, "village_id": VILLAGE, "head_name": "Hoa", "hamlet": "Xóm của người khác"}
        answer["results"] = [{"id": body["mutations"][0]["id"], "status": "conflict", "current": current}]
        route.fulfill(status=200, headers={"Cdt-Protocol": "1"}, json=answer)
        return True

    wire.faults.append(conflict)
    page.evaluate("(id) => store.updateHousehold(id, {hamlet: 'Xóm 2'})", home)
    until(page, "(await store.outboxSize()) === 0")
    shown = page.evaluate("(id) => store.household(id)", home)
    assert (shown["hamlet"], shown["pending"]) == ("Xóm của người khác", False)


def test_what_left_is_dropped_and_what_was_not_sent_stays(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account(), sync=True)
    home = page.evaluate("async () => { const h = household(); await store.createHousehold(h); return h.id; }")
    record(page, 1, {"household_id": home})
    until(page, "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'")
    engine.wire.faults.append(lambda route, body: bool(body["mutations"]) and not route.abort())
    (unsent,) = record(page)
    until(page, "sync.state().phase === 'waiting'")
    engine.wire.faults.clear()
    engine.wire.refuse = lambda _mutation: {"code": "out_of_scope"}
    engine.wire.put("village", {"id": VILLAGE}, gone="left_scope")
    send_now(page)
    until(page, "sync.state().phase === 'idle'")
    assert page.evaluate("(id) => store.households(id)", VILLAGE) == []
    assert [entry["mutation"]["id"] for entry in page.evaluate("() => store.attention()")] == [unsent]


def test_a_merged_household_takes_its_visits_along(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account(), sync=True)
    make = "async () => { const h = household(); await store.createHousehold(h); return h.id; }"
    old, into = page.evaluate(make), page.evaluate(make)
    record(page, 2, {"household_id": old})
    until(page, "(await store.outboxSize()) === 0 && sync.state().phase === 'idle'")
    engine.wire.put("household", {"id": old, "village_id": VILLAGE}, gone="merged", into=into)
    send_now(page)
    until(page, "(await store.households('" + VILLAGE + "')).length === 1")
    assert len(page.evaluate("(id) => store.visitsOf(id)", into)) == 2
    assert page.evaluate("(id) => store.household(id)", into)["visits"] == 2


def test_another_tab_hears_of_a_save(phone: ContextFactory) -> None:
    engine = Engine(phone)
    one, two = engine.open(account()), engine.open()
    two.evaluate("() => { window.heard = 0; store.subscribe(() => { heard += 1; }); }")
    record(one)
    until(two, "heard > 0")
    assert outbox(two) == 1


def test_mutations_are_as_the_protocol_wants_them(phone: ContextFactory) -> None:
    engine = Engine(phone)
    page = engine.open(account(), sync=True)
    until(page, "(await store.lastSent()).last_contact_at")
    (identifier,) = record(page)
    until(page, "(await store.outboxSize()) === 0")
    request = next(request for request in engine.wire.requests if request["mutations"])
    mutation = request["mutations"][0]
    assert set(mutation) == {"id", "member_id", "type", "at", "after", "replaces", "args"}
    assert (mutation["id"], mutation["args"]["id"]) == (identifier, identifier)
    assert mutation["at"].endswith("+07:00")
    assert mutation["after"].endswith("Z")
    assert request["app_version"].startswith(FIELD_DATE)
    assert (request["protocol"], request["device_id"][14]) == (1, "7")
