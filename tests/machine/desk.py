"""What the desk and the operator do."""

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.machine.ground import PAUSES, PICK, Ground, pick_of

VILLAGES = st.sampled_from("abc")


class Desk(Ground):
    """Rules of reassignments, moves, backups and restores."""

    @rule(pick=PICK, pause=PAUSES)
    def reassign_a_member(self, pick: int, pause: int) -> None:
        now = self.stage.ticker.pass_time(pause)
        member, team = pick_of(sorted(self.model.memberships), pick), pick_of(self.model.teams_in_force(), pick // 5)
        assert member
        assert team
        self.stage.move_member(member, team)
        self.model.memberships[member] = [*ended(self.model.memberships[member], now), (team, now, None)]
        self.model.counters = self.stage.facts().counters

    @rule(pick=PICK, village=VILLAGES, pause=PAUSES)
    def team_serves_or_leaves_a_village(self, pick: int, village: str, pause: int) -> None:
        now = self.stage.ticker.pass_time(pause)
        team = pick_of(self.model.teams_in_force(), pick)
        place = str(self.stage.world.villages[village])
        if team is None or team == str(self.stage.world.teams[village]):
            return  # a team stays in its home village
        terms = self.model.services[team]
        if place in self.model.served_by(team, now):
            self.stage.stop_serving(team, place)
            self.model.services[team] = ended([one for one in terms if one[0] == place], now)
            self.model.services[team] += [one for one in terms if one[0] != place]
        else:
            self.stage.serve(team, place)
            terms.append((place, now, None))
        self.model.counters = self.stage.facts().counters

    @rule(pick=PICK, village=VILLAGES, pause=PAUSES)
    def household_moves(self, pick: int, village: str, pause: int) -> None:
        now = self.stage.ticker.pass_time(pause)
        home_id = pick_of(sorted(self.model.homes), pick)
        if home_id is not None:
            place = str(self.stage.world.villages[village])
            self.stage.move_home(home_id, place)
            self.model.move_home(home_id, place, now)

    @precondition(lambda self: self.backup is None)
    @rule()
    def backup_is_made(self) -> None:
        self.stage.store.keep(self.stage.app, "backup")
        self.backup = deepcopy(self.model)

    @precondition(lambda self: self.backup is not None and not self.is_restored)
    @rule(pause=PAUSES)
    def backup_is_restored(self, pause: int) -> None:
        assert self.backup is not None
        self.stage.ticker.pass_time(pause)
        self.stage.restore("backup")
        self.model, self.is_restored, self.told_on = deepcopy(self.backup), True, None
        self.model.counters = {village: version + 1_000_000 for village, version in self.model.counters.items()}
        self.epoch = self.stage.facts().epoch


def ended(terms: list[Any], now: Any) -> list[Any]:
    """Terms, the open ones ended."""
    return [(where, start, end or now) for where, start, end in terms]
