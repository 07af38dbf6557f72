"""What volunteers enter."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from cdtteam.core.ids import new_id
from tests.machine.ground import PAUSES, PHONES, PICK, Ground, pick_of
from tests.machine.model import VIETNAM
from tests.machine.stage import visit_args


class Entries(Ground):
    """Rules of the field app's forms."""

    @rule(
        phone=PHONES, pause=PAUSES, people=st.integers(1, 5), pick=PICK, ago=st.sampled_from([0, 0, 300, 90_000]),
        place=st.sampled_from(["own", "own", "home", "home", "other", "poison"]), is_by_mate=st.booleans(),
    )  # fmt: skip
    def record_a_visit(
        self, phone: int, pause: int, people: int, pick: int, ago: int, place: str, is_by_mate: bool
    ) -> None:
        handset = self.use(phone, pause)
        home_id = pick_of(sorted(self.homes_on(handset)), pick) if place == "home" else None
        village = self.village_on(handset, pick)
        if home_id in handset.kind("household"):
            village = handset.kind("household")[home_id]["village_id"]
        if place == "other":
            village = pick_of([str(one) for one in self.stage.world.villages.values()], pick)
        args = visit_args(village, home=home_id, people=people, code="no_such" if place == "poison" else "dvc_online")
        if ago:
            args["occurred_at"] = (handset.now() - timedelta(seconds=ago)).isoformat()
        # A phone that a team shares: who enters is not always who is signed in.
        author = {"member_id": str(self.stage.world.members["binh"])} if is_by_mate and phone == 1 else {}
        handset.enter("visit.record", args, **author)

    @rule(phone=PHONES, pause=PAUSES, pick=PICK, people=st.integers(1, 9))
    def create_a_household(self, phone: int, pause: int, pick: int, people: int) -> None:
        handset = self.use(phone, pause)
        village = self.village_on(handset, pick)
        args = {"id": str(new_id()), "village_id": village, "head_name": f"Hộ {people}", "people": people}
        handset.enter("household.create", args)

    @rule(
        phone=PHONES, pause=PAUSES, pick=PICK,
        fields=st.fixed_dictionaries({}, optional={
            "head_name": st.sampled_from(["Hộ 1", "Hộ X"]), "people": st.integers(1, 3),
            "note": st.sampled_from(["", "q"]),
        }).filter(bool),
    )  # fmt: skip
    def update_a_household(self, phone: int, pause: int, pick: int, fields: dict[str, Any]) -> None:
        handset = self.use(phone, pause)
        home_id = pick_of(sorted(self.homes_on(handset)), pick)
        if home_id is not None:
            base = handset.kind("household").get(home_id, {}).get("version")
            handset.enter("household.update", {"id": home_id, "base_version": base, **fields})

    @rule(phone=PHONES, pause=PAUSES, pick=PICK)
    def withdraw_a_household(self, phone: int, pause: int, pick: int) -> None:
        handset = self.use(phone, pause)
        home_id = pick_of(sorted(self.homes_on(handset)), pick)
        if home_id is not None:
            handset.enter("household.withdraw", {"id": home_id, "reason": "đã chuyển đi"})

    @rule(phone=PHONES, pause=PAUSES, pick=PICK, people=st.integers(1, 5), type_=st.sampled_from(["amend", "withdraw"]))
    def correct_a_visit(self, phone: int, pause: int, pick: int, people: int, type_: str) -> None:
        handset = self.use(phone, pause)
        unsent = {one["args"]["id"] for one in handset.outbox if one["type"] == "visit.record"}
        own = [id_ for id_, row in handset.kind("visit").items() if id_ not in self.season_rows() or pick % 7 == 0]
        visit_id = pick_of(sorted(unsent | set(own)), pick)
        if visit_id is not None:
            args = {"id": visit_id, "reason": "nhầm"} | ({"participants": people} if type_ == "amend" else {})
            handset.enter(f"visit.{type_}", args)

    @rule(phone=PHONES, pause=PAUSES, pick=PICK)
    def report_nothing(self, phone: int, pause: int, pick: int) -> None:
        handset = self.use(phone, pause)
        period = f"{self.stage.ticker.start:%Y-%m}" if pick % 2 else "2026-W01"
        handset.enter("report.nothing", {"village_id": self.village_on(handset, pick), "period": period})

    @rule(
        phone=PHONES, pause=PAUSES, pick=PICK, ago=st.sampled_from([0, 0, 1, 30]),
        crew=st.sets(st.sampled_from(["own", "mate", "anybody"]), min_size=1),
    )  # fmt: skip
    def record_attendance(self, phone: int, pause: int, pick: int, ago: int, crew: set[str]) -> None:
        handset = self.use(phone, pause)
        everybody = sorted(str(member) for member in self.stage.world.members.values())
        people = {
            "own": str(handset.member_id),
            "mate": pick_of(sorted(handset.kind("member")), pick) or str(handset.member_id),
            "anybody": pick_of(everybody, pick),
        }
        on = handset.now().astimezone(VIETNAM).date() - timedelta(days=ago)
        args = {
            "id": str(new_id()), "village_id": self.village_on(handset, pick), "on": on.isoformat(), "note": None,
            "member_ids": [people[one] for one in sorted(crew)], "activity": "visits",
        }  # fmt: skip
        handset.enter("attendance.record", args)

    @rule(phone=PHONES, pause=PAUSES, pick=PICK, is_insisting=st.booleans())
    def care_for_a_refusal(self, phone: int, pause: int, pick: int, is_insisting: bool) -> None:
        handset = self.use(phone, pause)
        refused = pick_of(sorted(handset.attention), pick)
        if refused is None:
            return
        mutation, _ = handset.attention[refused]
        if is_insisting:
            del handset.attention[refused]
            handset.outbox.append(mutation)
        else:
            handset.enter("mutation.discard", {"id": refused})
