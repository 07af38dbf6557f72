"""The judge of one mutation: the steps follow the order of the refusal codes (sync protocol, "Response")."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from cdtteam.access.models import Actor
from cdtteam.core.problems import Problem
from cdtteam.households.wire import household_data
from cdtteam.sync.mutations import TYPES, Type, services_named, settles
from cdtteam.sync.places import Case, Place
from cdtteam.sync.rows import Rows
from cdtteam.sync.times import Clock, entered
from cdtteam.sync.wire import Mutation

_APPLIED = {"status": "applied"}


class Verdict(NamedTuple):
    """What became of a mutation: applied (`extra` is a conflict's), a duplicate of what `first` says, or refused.

    `current` is the row of a conflict as it now stands, for those who may see it.
    """

    mutation: Mutation
    problem: Problem | None = None
    extra: dict[str, Any] | None = None
    first: dict[str, Any] | None = None
    current: dict[str, Any] | None = None

    @property
    def is_refused(self) -> bool:
        """Whether it goes to the quarantine."""
        return self.problem is not None

    @property
    def is_new(self) -> bool:
        """Whether it took effect now, and so goes to the ledger."""
        return self.problem is None and self.first is None

    def result(self) -> dict[str, Any]:
        """The result as the protocol writes it."""
        said: dict[str, Any] = {"id": self.mutation.sent_id}
        if self.problem is not None:
            said |= {"status": "refused", "code": self.problem.code, "message": self.problem.message}
            return said | ({"field": self.problem.field} if self.problem.field is not None else {})
        current = {"current": self.current} if self.current else {}
        if self.first is not None:
            return said | {"status": "duplicate", "first": {**said, **self.first, **current}}
        return said | (self.extra or _APPLIED) | current


@dataclass
class Judge:
    """Judges the mutations of one batch in order, within its transaction.

    `settled` gathers the refused mutations, with their authors, that the applied ones make good.
    """

    signed_in: Actor
    device_id: UUID
    clock: Clock
    rows: Rows
    authors: dict[UUID, Actor]
    known: dict[UUID, tuple[bytes, dict[str, Any] | None]]
    settled: set[tuple[UUID, UUID]] = field(default_factory=set)
    _refused_rows: set[UUID] = field(default_factory=set)

    def judge(self, mutation: Mutation) -> Verdict:
        """The verdict on one mutation; only an applied one has changed anything."""
        try:
            if mutation.id in self.known:
                digest, extra = self.known[mutation.id]
                if digest != mutation.digest:
                    raise Problem("id_reused")
                return Verdict(mutation, first=extra or _APPLIED, current=self._current(mutation, extra))
            extra = self._apply(mutation)
        except Problem as problem:
            self._remember_refused(mutation)
            return Verdict(mutation, problem=problem)
        assert mutation.id is not None
        self.known[mutation.id] = (mutation.digest, extra)
        return Verdict(mutation, extra=extra, current=self._current(mutation, extra))

    def _apply(self, mutation: Mutation) -> dict[str, Any] | None:
        kind = TYPES.get(mutation.type) if isinstance(mutation.type, str) else None
        if kind is not None and kind.makes and self._exists(kind.makes, mutation):
            raise Problem("id_reused")
        if kind is None:
            raise Problem("unknown_type")
        if mutation.problem is not None:
            raise mutation.problem
        if kind.check is not None:
            kind.check(mutation, self.rows)
        self._check_services(mutation.parsed)
        case = self._case(mutation)
        self._find_place(kind, case)
        if case.author is None:
            raise Problem("wrong_author")
        extra = kind.apply(case, case.author)
        self.settled |= {(settled, case.author_id) for settled in settles(case)}
        return extra

    def _exists(self, makes: str, mutation: Mutation) -> bool:
        return mutation.row_id in (self.rows.homes if makes == "household" else self.rows.taken)

    def _check_services(self, args: Any) -> None:
        for path, code in services_named(args):
            if not self.rows.has_service(code):
                raise Problem("unknown_service", field=path)

    def _case(self, mutation: Mutation) -> Case:
        header = mutation.header
        assert header is not None
        when = entered(self.clock, header.at, header.after)
        author = self.authors.get(header.member_id)
        return Case(mutation, mutation.parsed, self.rows, when, header.member_id, author, self.device_id)

    def _find_place(self, kind: Type, case: Case) -> None:
        """Where it was; the codes from `implausible_time` to `unknown_row`, in their order."""
        unknown: Problem | None = None
        try:
            place = kind.place(case)
        except Problem as problem:
            if problem.code != "unknown_household":
                raise
            unknown, place = problem, Place(case.args.village_id, case.entered.at)
        self._check_author(case, place)
        if self._refused_rows and self._needs_refused(kind, case):
            raise Problem("depends_on_refused")
        if unknown is not None:
            raise unknown
        if kind.needs and place.village_id is None:
            raise Problem("unknown_household" if kind.needs == "household" else "unknown_row")

    def _needs_refused(self, kind: Type, case: Case) -> bool:
        needed = {case.args.id if kind.needs else None, getattr(case.args, "household_id", None)}
        return bool((needed & self._refused_rows) - self.rows.homes.keys() - self.rows.taken)

    def _check_author(self, case: Case, place: Place) -> None:
        if case.author_id == self.signed_in.member_id:
            return
        author = case.author
        if author is None:
            raise Problem("wrong_author")
        if place.village_id is None:
            if not author.villages_at(place.at) & self.signed_in.villages_at(place.at):
                raise Problem("wrong_author")
            return
        if not (author.team_at(place.village_id, place.at) and self.signed_in.team_at(place.village_id, place.at)):
            raise Problem("wrong_author")

    def _current(self, mutation: Mutation, extra: dict[str, Any] | None) -> dict[str, Any] | None:
        """The household of a conflict, if the member who is signed in serves its village now."""
        household = self.rows.households.get(mutation.parsed.id) if extra else None
        if household is None or household.gone or not self.signed_in.team_at(household.village_id, self.rows.work.now):
            return None
        return {**household_data(household), "version": household.version}

    def _remember_refused(self, mutation: Mutation) -> None:
        kind = TYPES.get(mutation.type) if isinstance(mutation.type, str) else None
        if kind is None or not kind.makes:
            return
        row_id = mutation.row_id
        if row_id is not None and row_id not in self.rows.homes and row_id not in self.rows.taken:
            self._refused_rows.add(row_id)
