"""The province changes its map while phones go on, and whoever asks for figures gets the same ones on every map."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from cdtteam.areas.merging import Teams
from cdtteam.core.clock import civil_date
from tests.machine.atlas import Change, Term
from tests.machine.ground import PAUSES, PICK, Ground, pick_of
from tests.machine.surveyor import Surveyor
from tests.machine.takeover import give_back, take_over

DAYS = st.sampled_from([-40, -2, -1, 0, 0, 1])
Sums = tuple[int, int, int]  # visits, people, teams


class Maps(Ground):
    """Rules of reorganisations of communes and villages."""

    codes = 0

    @property
    def surveyor(self) -> Surveyor:
        """Whoever changes the map."""
        return Surveyor(self.stage.app)

    @rule(pick=PICK, days=DAYS, pause=PAUSES)
    def communes_become_one(self, pick: int, days: int, pause: int) -> None:
        on = self.day(days, pause)
        there = self.model.atlas.communes_on(on)
        olds = some_of(there, pick)
        kept = olds[0] if pick % 3 else None
        new, name = kept.code if kept else self.fresh_code(), f"Xã {self.fresh_code()}"
        done = self.surveyor.reorganise([old.code for old in olds], {new: name}, {}, on)
        if done:
            unit = kept.area if kept else self.surveyor.commune_with(new, on)
            gone = {old.area: unit for old in olds if old is not kept}
            self.applied("communes", done, on, {unit: (new, name, olds[0].parent)}, gone, dict.fromkeys(gone, unit))

    @rule(pick=PICK, days=DAYS, pause=PAUSES)
    def a_commune_is_split(self, pick: int, days: int, pause: int) -> None:
        on = self.day(days, pause)
        old = pick_of(self.model.atlas.communes_on(on), pick)
        news = {code: f"Xã {code}" for code in (self.fresh_code(), self.fresh_code())}
        own = [village for village in self.model.atlas.villages_on(on) if village.parent == old.area]
        goes = {one.code: list(news)[pick >> place & 1] for place, one in enumerate(own)}
        done = self.surveyor.reorganise([old.code], news, goes, on)
        if done:
            units = {code: self.surveyor.commune_with(code, on) for code in news}
            begun = {units[code]: (code, name, old.parent) for code, name in news.items()}
            most = max(news, key=lambda code: list(goes.values()).count(code))
            taken = {one.area: units[goes[one.code]] for one in own}
            self.applied("splits", done, on, begun, {old.area: units[most]}, taken)

    @rule(pick=PICK, days=DAYS, pause=PAUSES)
    def villages_become_one(self, pick: int, days: int, pause: int) -> None:
        on = self.day(days, pause)
        olds = some_of(self.model.atlas.villages_on(on), pick)
        commune = pick_of(self.model.atlas.communes_on(on), pick // 3)
        kept, new = (olds[-1], olds[-1].code) if pick % 3 else (olds[0], self.fresh_code())
        name = f"Thôn {self.fresh_code()}"
        # What teams do on a day to come, and what becomes of it until then, is told by tests of its own.
        teams = Teams.MERGE if pick // 2 % 2 and days <= 0 else Teams.STAY
        ground = [piece for old in sorted(olds, key=lambda old: old is not kept) for piece in self.ground_of(old, on)]
        done = self.surveyor.merge_villages([old.code for old in olds], (new, name), commune.code, teams, on)
        if done:
            gone = {old.area: kept.area for old in olds if old is not kept}
            self.applied("villages", done, on, {kept.area: (new, name, commune.area)}, gone, {})
            if teams is Teams.MERGE and gone:
                taken = take_over(self.model, ground, self.stage.ticker.now)
                self.model.atlas.changes[-1].take_over = taken
                self.stage.done["take-overs"] += taken is not None

    @rule(pick=PICK, pause=PAUSES)
    def a_change_is_taken_back(self, pick: int, pause: int) -> None:
        self.stage.ticker.pass_time(pause)
        change = pick_of([change for change in self.model.atlas.changes if not change.is_undone], pick)
        if change is not None:
            self.take_back(change)

    @rule(pick=PICK)
    def figures_are_asked_for(self, pick: int) -> None:
        whole = self.figures_on(civil_date(self.stage.ticker.now))
        assert self.figures_on(pick_of(self.days(), pick)) == whole, "every map has the same totals"
        self.communes_see_their_own()

    @invariant()
    def every_term_is_as_it_should_be(self) -> None:
        assert self.surveyor.rows() == self.model.atlas.rows

    def teardown(self) -> None:
        """Whatever the map, the figures are the same; what is taken back in turn leaves the map as it was at first."""
        super().teardown()
        totals = [self.figures_on(day) for day in self.days()]
        assert totals == totals[:1] * len(totals)
        self.communes_see_their_own()
        for change in reversed(self.model.atlas.changes):
            if not (change.is_undone or self.take_back(change)):
                assert change.take_over, "only what a team that took over has done since stands in the way"
                break
        else:
            assert self.surveyor.rows() == self.stage.model.atlas.rows
        self.server_and_model_agree()
        self.every_term_is_as_it_should_be()
        assert self.figures_on(civil_date(self.stage.ticker.now)) == totals[0]

    def day(self, days: int, pause: int) -> date:
        """The day from which something is to hold, some time later."""
        return civil_date(self.stage.ticker.pass_time(pause)) + timedelta(days=days)

    def ground_of(self, village: Term, on: date) -> list[str]:
        """The pieces of ground of a village."""
        return self.model.atlas.ground(village.area, on)

    def fresh_code(self) -> str:
        """A code that no area has had."""
        self.codes += 1
        return f"n{self.codes:03}"

    def applied(
        self, kind: str, id_: str, on: date, begun: dict[str, Any], ended: dict[str, str], taken: dict[str, str]
    ) -> None:
        """The model follows; of `taken` communes, or villages, the villages go to the units that they say."""
        atlas = self.model.atlas
        for village in atlas.villages_on(on):
            unit = taken.get(village.area) or taken.get(village.parent or "")
            if unit:
                begun[village.area] = village.code, village.name, unit
        atlas.change(id_, on, begun, ended)
        self.followed(kind)

    def take_back(self, change: Change) -> bool:
        """Undoes a change where nothing depends on it."""
        is_done = self.surveyor.undo(change.id)
        if is_done:
            self.model.atlas.undo(change)
            if change.take_over:
                give_back(self.model, change.take_over)
            self.followed("undone")
        return is_done

    def followed(self, kind: str) -> None:
        self.stage.done[kind] += 1
        self.model.counters = self.stage.facts().counters  # what was told to phones

    def days(self) -> list[date]:
        """Days on which maps differ: today, and the days of all changes with those before."""
        changed = {change.on for change in self.model.atlas.changes}
        return sorted({civil_date(self.stage.ticker.now), *changed, *(on - timedelta(days=1) for on in changed)})

    def figures_on(self, day: date) -> Sums:
        """The province's figures on a map, which are those of its villages and those of its communes."""
        answers = {by: self.stage.figures("tinh", map=f"{day}", by=by) for by in ("village", "commune")}
        atlas, expected = self.model.atlas, self.by_piece()
        areas = {"village": atlas.villages_on(day), "commune": atlas.communes_on(day)}
        above = {"village": atlas.stand_in, "commune": atlas.commune_of}
        for by, answer in answers.items():
            sums: dict[str, Sums] = {}
            for piece, figures in expected.items():
                area = above[by](piece, day)
                sums[area] = added(sums.get(area, (0, 0, 0)), figures)
            assert {row["code"]: sums_of(row) for row in answer["rows"]} == {
                area.code: sums.get(area.area, (0, 0, 0)) for area in areas[by]
            }
        whole = {sums_of(answer) for answer in answers.values()}
        assert whole == {added(*expected.values())}
        return whole.pop()

    def communes_see_their_own(self) -> None:
        """Coordinators have the figures and rows of what stands in their commune's place today, and no others."""
        today, atlas, expected = civil_date(self.stage.ticker.now), self.model.atlas, self.by_piece()
        for handle, commune in (("xa", "near"), ("xakhac", "far")):
            own = atlas.stand_in(str(self.stage.world.communes[commune]), today)
            ground = {piece for piece in expected if atlas.commune_of(piece, today) == own}
            answer = self.stage.figures(handle)
            assert answer["area"] == atlas.on(today)[own].code
            assert sums_of(answer) == added((0, 0, 0), *(expected[piece] for piece in ground))
            visited = {piece for piece in ground if expected[piece][0]}
            assert self.surveyor.villages_seen(own) & visited == visited
            assert self.surveyor.villages_seen(own) <= ground

    def by_piece(self) -> dict[str, Sums]:
        """What the model says of each piece of ground."""
        counts, homes = self.model.counts(), Counter(self.model.homes_of_teams.values())
        return {piece: (*counts.get(piece, (0, 0)), homes[piece]) for piece in self.model.atlas.villages}


def some_of(there: list[Term], pick: int) -> list[Term]:
    """One, two or three areas of a map."""
    first = pick_of(there, pick)
    others = [term for term in there if term is not first]
    return [first, *others[: pick // 7 % 3]] if pick // 5 % 2 else [first, *others[::-1][: pick // 7 % 3]]


def sums_of(answer: dict[str, Any]) -> Sums:
    return answer["visits"], answer["people"], answer["teams"]["in_force"]


def added(*parts: Sums) -> Sums:
    return sum(one[0] for one in parts), sum(one[1] for one in parts), sum(one[2] for one in parts)
