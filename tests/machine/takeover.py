"""What the model's teams do where villages are merged and one team takes over from the others."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.machine.model import Model, Term


@dataclass
class TakeOver:
    """The terms that began and ended, each with the list of whose it is."""

    at: datetime
    begun: list[tuple[str, str, "Term"]] = field(default_factory=list)
    ended: list[tuple[str, str, "Term"]] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)


def take_over(model: "Model", ground: list[str], at: datetime) -> TakeOver | None:
    """The first team of a village's ground goes on, serves all of it, and takes the people of the others in."""
    teams = [team for piece in ground for team in model.teams_in_force() if model.homes_of_teams[team] == piece]
    if not teams:
        return None
    done, (first, *others) = TakeOver(at), teams
    wanted = [*ground, *(village for team in others for village in sorted(model.served_by(team, at)))]
    for team in others:
        _end(model, done, "services", team, model.served_by(team, at))
    for village in dict.fromkeys(wanted):
        if village not in model.served_by(first, at):
            _begin(model, done, "services", first, village)
    for member in model.memberships:
        left = _end(model, done, "memberships", member, others)
        if left and first not in model.teams_of(member, at):
            _begin(model, done, "memberships", member, first)
    model.ends |= dict.fromkeys(others, at)
    done.teams = others
    return done


def give_back(model: "Model", done: TakeOver) -> None:
    """As it was before."""
    for table, whose, term in done.begun:
        getattr(model, table)[whose].remove(term)
    for table, whose, (where, start, _) in done.ended:
        terms = getattr(model, table)[whose]
        terms[terms.index((where, start, done.at))] = (where, start, None)
    for team in done.teams:
        del model.ends[team]


def _begin(model: "Model", done: TakeOver, table: str, whose: str, where: str) -> None:
    term = (where, done.at, None)
    getattr(model, table)[whose].append(term)
    done.begun.append((table, whose, term))


def _end(model: "Model", done: TakeOver, table: str, whose: str, places: Iterable[str]) -> bool:
    terms, wanted = getattr(model, table)[whose], set(places)
    over = [term for term in terms if term[0] in wanted and term[2] is None]
    for term in over:
        terms[terms.index(term)] = (*term[:2], done.at)
        done.ended.append((table, whose, term))
    return bool(over)
