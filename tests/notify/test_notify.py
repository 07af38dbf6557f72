"""Who is told what, once; what is taken back, what rings when, and what is forgotten."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from cdtteam.access.models import Actor, Role
from cdtteam.accounts.models import User
from cdtteam.core import clock
from cdtteam.core.db import db
from cdtteam.core.ids import new_id
from cdtteam.core.reasons import because
from cdtteam.jobs.chores import run_chore
from cdtteam.notify import forgetting
from cdtteam.notify.hours import rings_at
from cdtteam.notify.models import Notification, Preference, Topic
from cdtteam.notify.operations import (
    Subject,
    Wish,
    notify,
    notify_each,
    prefer,
    read_all_notifications,
    read_notifications,
    withdraw_notifications,
)
from cdtteam.notify.queries import (
    inbox_of,
    members_of,
    officers_of,
    people,
    preferences_of,
    unread_by_account,
    unread_of,
)
from cdtteam.notify.wording import kept, said, said_in
from cdtteam.replica.models import LogEntry
from cdtteam.teams.models import Membership
from tests.support.inboxes import a_letter, at_work, notifications, titles, who
from tests.support.merged import merge_villages
from tests.support.world import World


def actor_of(world: World, handle: str) -> Actor:
    """Whoever is signed in as `handle`."""
    with world.app.app_context():
        user = db.session.scalars(select(User).where(User.handle == handle)).one()
        return Actor(Role(user.role), user.id, user.member_id, user.area_id)


def test_each_is_told_once_and_by_one_act(world: World) -> None:
    with at_work(world) as work:
        an, binh = who(work, world, "an", "binh")
        bundle = notify(work, [an, binh, an], a_letter())
        notify(work, [], a_letter("Không ai"))
    assert titles(world, "an") == titles(world, "binh") == ["Họp giao ban"]
    assert titles(world, "chi") == []
    with world.app.app_context():
        assert {row.bundle_id for row in notifications()} == {bundle}
        assert db.session.scalars(select(LogEntry.version).where(LogEntry.kind == "notification")).all() == [1, 1]


def test_nothing_stays_of_what_is_rolled_back(world: World) -> None:
    def fail() -> None:
        with at_work(world) as work:
            notify(work, who(work, world, "an"), a_letter())
            work.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with world.app.app_context():
        assert notifications() == []


def test_a_newer_one_takes_the_place_of_an_unread_one_in_the_same_inbox(world: World) -> None:
    with at_work(world) as work:
        notify(work, who(work, world, "an", "binh"), a_letter("Một", collapse="k"))
    with world.app.app_context():
        [first] = [row for row in notifications() if row.member_id == world.members["binh"]]
    with at_work(world) as work:
        read_notifications(actor_of(world, "binh"), work, [first.id], work.now, opened=False)
        notify(work, who(work, world, "an", "binh", "chi"), a_letter("Hai", collapse="k"))
        notify(work, who(work, world, "an"), a_letter("Khác", collapse="l"))
    assert titles(world, "an") == ["Hai", "Khác"]
    assert titles(world, "binh") == titles(world, "chi") == ["Hai"]
    with world.app.app_context():
        assert db.session.get_one(Notification, first.id).withdrawn_at is None, "what was read stays"


def test_what_is_unread_is_taken_back_with_its_cause(world: World) -> None:
    cause, other = Subject("task", new_id()), Subject("task", new_id())
    with at_work(world) as work:
        an, binh = who(work, world, "an", "binh")
        notify_each(work, [([an, binh], a_letter(subject=cause)), ([an], a_letter("Khác", subject=other))])
    with at_work(world) as work:
        read_all_notifications(actor_of(world, "binh"), work)
        assert withdraw_notifications(work, cause, Subject("request", other.id)) == {(cause.id, an)}
        assert withdraw_notifications(work, cause) == set()
    assert titles(world, "an") == ["Khác"]


def test_what_is_read_first_stays_and_nobody_reads_what_is_anothers(world: World) -> None:
    with at_work(world) as work:
        notify(work, who(work, world, "an"), a_letter())
    early, late = clock.now() - timedelta(hours=1), clock.now() + timedelta(days=9)
    with world.app.app_context():
        [row] = notifications()
    for handle, at, opened in (("binh", early, True), ("an", early, False), ("an", late, True), ("an", early, True)):
        with at_work(world) as work:
            read_notifications(actor_of(world, handle), work, [row.id, new_id()], at, opened=opened)
    with world.app.app_context():
        [row] = notifications()
        assert row.read_at == early
        assert row.opened_at is not None
        assert early < row.opened_at <= clock.now(), "never later than it arrived"


def test_officers_read_theirs_at_the_desk(world: World) -> None:
    with at_work(world) as work:
        told = officers_of(work.session, world.communes["near"], work.now)
        for number in range(3):
            notify(work, told, a_letter(f"Số {number}", urgent=number == 1))
    officer, other = actor_of(world, "xa"), actor_of(world, "xakhac")
    with world.app.app_context():
        session = db.session()
        rows = inbox_of(officer, session, newest=2)
        assert [said(row.title) for row in rows] == ["Số 2", "Số 1"]
        assert [said(row.title) for row in inbox_of(officer, session, newest=2, before=rows[-1].id)] == ["Số 0"]
        assert (unread_of(officer, session), unread_of(other, session), inbox_of(other, session, newest=9)) == (
            3,
            0,
            [],
        )
        assert officer.user_id
        assert unread_by_account(session, [officer.user_id]) == {officer.user_id: 3}
    with at_work(world) as work:
        read_all_notifications(officer, work)
    assert titles(world, "xa") == []


def test_who_is_in_a_team_is_told_and_who_left_is_not(world: World) -> None:
    with at_work(world) as work:
        [binh] = who(work, world, "binh")
        own = (Membership.member_id == world.members["an"], Membership.team_id == world.teams["a"])
        work.session.execute(update(Membership).where(*own).values(ended_at=work.now))
        work.session.execute(update(User).where(User.handle == "binh").values(disabled_at=work.now))
        teams = members_of(work.session, world.teams.values(), work.now)
        assert [one.recipient for one in teams[world.teams["a"]]] == [binh._replace(account_id=None)]
        assert people(work.session, [world.members["an"]], work.now) == {}
        assert people(work.session, [], work.now) == members_of(work.session, [], work.now) == {}


def test_officers_follow_the_map(world: World) -> None:
    def officers(commune: str) -> set[str]:
        with world.app.app_context():
            told = officers_of(db.session(), world.communes[commune], clock.now())
            ids = {one.account_id for one in told}
            return set(db.session.scalars(select(User.handle).where(User.id.in_(ids))))

    assert (officers("near"), officers("far")) == ({"xa"}, {"xakhac"})
    merge_villages(world, "a", into="c")
    assert officers("near") == {"xa"}, "a village that leaves takes no officer along"
    with world.app.app_context():
        assert world.province
        assert len(officers_of(db.session(), world.province, clock.now())) == 1


@pytest.mark.parametrize(
    ("at", "rings"),
    [("2026-11-24T13:59", "2026-11-24T13:59"), ("2026-11-24T14:00", "2026-11-24T23:00"),
     ("2026-11-24T20:00", "2026-11-24T23:00"), ("2026-11-24T22:59", "2026-11-24T23:00"),
     ("2026-11-24T23:00", "2026-11-24T23:00"), ("2026-11-24T05:00", "2026-11-24T05:00")],
)  # fmt: skip
def test_nothing_rings_at_night(at: str, rings: str) -> None:
    """From 21:00 to 06:00 in Vietnam, which is 14:00 to 23:00 UTC."""
    assert rings_at(datetime.fromisoformat(at).replace(tzinfo=UTC)) == datetime.fromisoformat(rings).replace(tzinfo=UTC)


def test_what_is_urgent_rings_at_night_too(world_on_sqlite: World) -> None:
    night = datetime(2026, 11, 24, 20, tzinfo=UTC)
    with at_work(world_on_sqlite, night) as work:
        told = who(work, world_on_sqlite, "an")
        notify_each(work, [(told, a_letter()), (told, a_letter(urgent=True))])
    with world_on_sqlite.app.app_context():
        assert [row.due_at for row in notifications()] == [night + timedelta(hours=3), night]


def test_what_was_chosen_last_holds_whenever_it_arrives(world: World) -> None:
    an, now = actor_of(world, "an"), clock.now()
    for at, hour in ((now, 6), (now - timedelta(hours=2), 19), (now, 8)):
        with at_work(world) as work:
            prefer(an, work, Wish([Topic.TASK, Topic.WARNING, Topic.TASK], hour), at)
    with at_work(world) as work:  # a member without an account has nothing to choose for
        prefer(Actor(Role.VOLUNTEER, None, new_id()), work, Wish([], 9), now)
    with world.app.app_context():
        assert an.user_id
        assert db.session.scalar(select(func.count()).select_from(Preference)) == 1
        other = new_id()
        chosen = preferences_of(db.session(), [an.user_id, other])
        assert (chosen[an.user_id].topics_off, chosen[an.user_id].digest_hour) == (["task", "warning"], 8)
        asked = (("task", False), ("task", True), ("warning", False), ("warning", True), ("thanks", False))
        wants = [chosen[an.user_id].wants(topic, urgent=urgent) for topic, urgent in asked]
        assert wants == [False, False, False, True, True]
        assert (chosen[other].digest_hour, chosen[other].wants("task", urgent=False)) == (7, True)


def test_a_text_is_said_in_the_language_of_who_reads_it(world_on_sqlite: World) -> None:
    day = datetime(2026, 12, 1, tzinfo=UTC).date()
    words = kept(because("there is no province on %(day)s.", day=day))
    with world_on_sqlite.app.app_context():
        assert said_in("en", words, kept("Họp")) == ["there is no province on 01/12/2026.", "Họp"]
        assert said_in("vi", words) == [said(words)] == ["ngày 01/12/2026 chưa có tỉnh nào."]


def test_old_ones_are_forgotten_with_what_the_logs_know_of_them(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    for age in (30, 90, 390, 410):
        with at_work(world, now - timedelta(days=age)) as work:
            notify_each(work, [(who(work, world, "an", "binh"), a_letter(f"{age}"))])
    with at_work(world) as work:
        read_all_notifications(actor_of(world, "binh"), work)
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    run_chore(world.app, "forget-notifications")
    with world.app.app_context():
        left = {row.id: said(row.title) for row in notifications()}
        assert sorted(left.values()) == ["30", "30", "390", "90"]
        logged = db.session.scalars(select(LogEntry.row_id).where(LogEntry.kind == "notification"))
        assert sorted(logged) == sorted(left)
