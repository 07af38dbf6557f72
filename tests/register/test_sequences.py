"""Mergers, their undoing, moves and visits in any order: figures and phones say what a plain model says."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdtteam.core.problems import Problem
from tests.register.acting import figures, merge, move, part
from tests.support.wire import unlimited
from tests.support.world import Phone, World

HOMES = range(4)
VILLAGES = "abc"
OWNERS = {"a": "an", "b": "chi", "c": "dung"}
HOME = st.sampled_from(HOMES)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("visit"), HOME, HOME),
        st.tuples(st.just("merge"), HOME, HOME),
        st.tuples(st.just("part"), HOME, HOME),
        st.tuples(st.just("move"), HOME, st.sampled_from(VILLAGES)),
    ),
    min_size=3,
    max_size=9,
)


@dataclass
class Model:
    """Where households stand, which are one, and to which each visit was made in which village."""

    village: list[str] = field(default_factory=lambda: ["a", "a", "b", "c"])
    into: dict[int, int] = field(default_factory=dict)
    visits: dict[str, tuple[str, int]] = field(default_factory=dict)

    def end(self, home: int) -> int:
        """The household that one is now."""
        while home in self.into:
            home = self.into[home]
        return home

    def stands(self, home: int) -> bool:
        """Whether it is no other one."""
        return home not in self.into

    @property
    def households(self) -> int:
        """Distinct households among each village's visits."""
        return len({(village, self.end(home)) for village, home in self.visits.values()})


class Play:
    """One sequence on the stage."""

    def __init__(self, world: World, phones: dict[str, Phone]) -> None:
        self.world, self.phones, self.model = world, phones, Model()
        self.homes: list[dict[str, Any]] = []
        for at, village in enumerate(self.model.village):
            self.homes.append(phones[village].household(world.villages[village], f"Hộ {at}"))
            phones[village].send(self.homes[-1])

    def step(self, what: str, home: int, other: Any) -> None:
        """Does one thing to the rows and to the model, or finds both unwilling."""
        getattr(self, what)(home, other)

    def visit(self, home: int, _other: int) -> None:
        village = self.model.village[home]
        made = self.phones[village].visit(self.world.villages[village], household_id=self.homes[home]["args"]["id"])
        assert self.phones[village].send(made)[0]["status"] == "applied"
        self.model.visits[made["args"]["id"]] = (village, self.model.end(home))

    def merge(self, home: int, other: int) -> None:
        may = home != other and self.model.stands(home) and self.model.stands(other)
        assert may is succeeds(merge, self.world, self.homes[home], self.homes[other])
        if may:
            self.model.into[home] = other

    def part(self, home: int, _other: int) -> None:
        if home not in self.model.into:
            return  # the desk offers it only where there is something to part
        may = self.model.stands(self.model.into[home])
        assert may is succeeds(part, self.world, self.homes[home])
        if may:
            del self.model.into[home]

    def move(self, home: int, village: str) -> None:
        if self.model.stands(home):
            move(self.world, self.homes[home], village)
            self.model.village[home] = village

    def hold(self, before: int) -> None:
        """Figures, phones that saw it all and phones that come now say what the model says."""
        assert figures(self.world)["households"] == before + self.model.households
        ids = [home["args"]["id"] for home in self.homes]
        for village, owner in OWNERS.items():
            for phone in (self.phones[village], self.world.phone(owner)):
                phone.send()
                held = {at for at, id_ in enumerate(ids) if id_ in phone.kind("household")}
                wanted = {at for at in HOMES if self.model.stands(at) and self.model.village[at] == village}
                assert held == wanted, (village, owner)
                visits = phone.kind("visit")
                for id_, (there, home) in self.model.visits.items():
                    if there == village:
                        assert visits[id_]["household_id"] == ids[self.model.end(home)]


def succeeds(act: Any, *args: Any) -> bool:
    """Whether an officer's act goes through."""
    try:
        act(*args)
    except Problem:
        return False
    return True


def test_any_order_says_what_a_plain_model_says(world: World) -> None:
    unlimited(world)
    phones = {village: world.phone(owner) for village, owner in OWNERS.items()}

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(STEPS)
    def play(steps: list[tuple[str, int, Any]]) -> None:
        before = figures(world)["households"]
        stage = Play(world, phones)
        for step in steps:
            stage.step(*step)
        stage.hold(before)

    play()
