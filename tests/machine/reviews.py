"""What the commune does about visits that deserve a look, while phones go on."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.machine.ground import PAUSES, PICK, Ground, pick_of


class Reviews(Ground):
    """Rules of visits that are put right, not counted, and counted again."""

    @rule(pick=PICK, pause=PAUSES, people=st.integers(1, 9))
    def a_visit_is_put_right(self, pick: int, pause: int, people: int) -> None:
        visit_id = self._picked(pick, pause, is_withdrawn=False, by_desk=False)
        if visit_id is not None:
            self.stage.put_right(visit_id, people)
            self.model.visits[visit_id].participants = people
            self._reviewed(visit_id)

    @rule(pick=PICK, pause=PAUSES)
    def a_visit_is_not_counted(self, pick: int, pause: int) -> None:
        visit_id = self._picked(pick, pause, is_withdrawn=False, by_desk=False)
        if visit_id is not None:
            self.stage.do_not_count(visit_id)
            visit = self.model.visits[visit_id]
            visit.is_withdrawn = visit.by_desk = True
            self._reviewed(visit_id)

    @rule(pick=PICK, pause=PAUSES)
    def a_visit_is_counted_again(self, pick: int, pause: int) -> None:
        visit_id = self._picked(pick, pause, is_withdrawn=True, by_desk=True)
        if visit_id is not None:
            self.stage.count_again(visit_id)
            visit = self.model.visits[visit_id]
            visit.is_withdrawn = visit.by_desk = False
            self._reviewed(visit_id)

    def _reviewed(self, visit_id: str) -> None:
        self.model.review(visit_id, self.stage.ticker.now)
        self.model.counters = self.stage.facts().counters

    def _picked(self, pick: int, pause: int, **stands: bool) -> str | None:
        self.stage.ticker.pass_time(pause)
        wanted = (stands["is_withdrawn"], stands["by_desk"])
        return pick_of(sorted(id_ for id_, one in self.model.visits.items()
                              if (one.is_withdrawn, one.by_desk) == wanted), pick)  # fmt: skip
