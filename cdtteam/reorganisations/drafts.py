"""From what was put up to what is planned: the file's steps, and where the villages of communes that are split go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cdtteam.areas.applying import Basis
from cdtteam.areas.checks import Step
from cdtteam.areas.merging import Teams, VillageDraft, read_village_steps
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaMap, AreaOnMap, area_map
from cdtteam.areas.reading import Faults
from cdtteam.areas.reorganising import Decision, Draft, read_steps
from cdtteam.core.text import natural_key
from cdtteam.reorganisations.models import Kind, MapDraft


@dataclass(frozen=True, slots=True)
class Split:
    """A commune that goes into several: its villages, and the codes and names from which one is chosen for each."""

    commune: AreaOnMap
    units: Mapping[str, str]
    villages: Sequence[AreaOnMap]


def basis_of(row: MapDraft) -> Basis:
    """What it rests on."""
    return Basis(row.decision, row.decided_on, row.subject)


def draft_of(session: Session, row: MapDraft) -> Draft:
    """What was put up of communes, with what has been chosen and can still be."""
    faults = Faults(row.file_name)
    draft = Draft(read_steps(_table(row), faults), faults)
    for split in splits_of(draft.steps, area_map(session, row.effective_on)):
        chosen = {village.code: str(row.choices.get(village.code)) for village in split.villages}
        draft.decisions += [Decision(0, code, unit) for code, unit in chosen.items() if unit in split.units]
    return draft


def village_draft_of(row: MapDraft) -> VillageDraft:
    """What was put up of villages, with what has been chosen of their teams."""
    faults = Faults(row.file_name)
    teams = {code: Teams(given) for code, given in row.choices.items() if given in set(Teams)}
    return VillageDraft(read_village_steps(_table(row), faults), faults, teams)


def first_choices(row: MapDraft) -> dict[str, str]:
    """What holds until somebody chooses otherwise: teams of merged villages do what the file says, else they stay."""
    if row.kind != Kind.VILLAGES:
        return {}
    by_new: dict[str, list[str]] = {}
    for step in village_draft_of(row).steps:
        by_new.setdefault(step.new, []).append(step.teams)
    return {new: teams[0] or Teams.STAY.value for new, teams in by_new.items() if len(teams) > 1}


def codes_to_choose(session: Session, row: MapDraft, commune_code: str) -> list[str]:
    """For what a choice may be made all at once: the villages of a commune that is split, or all merged villages."""
    if row.kind == Kind.VILLAGES:
        return list(first_choices(row))
    splits = splits_of(draft_of(session, row).steps, area_map(session, row.effective_on))
    return [village.code for split in splits if split.commune.code == commune_code for village in split.villages]


def has_open_villages(session: Session, row: MapDraft) -> bool:
    """Whether villages of communes that a draft splits wait for a decision."""
    if row.kind == Kind.VILLAGES:
        return False
    draft = draft_of(session, row)
    splits = splits_of(draft.steps, area_map(session, row.effective_on))
    return len(draft.decisions) < sum(len(split.villages) for split in splits)


def splits_of(steps: Sequence[Step], areas: AreaMap) -> list[Split]:
    """The communes of a map that go into several, with their villages in the order of names."""
    units: dict[str, dict[str, str]] = {}
    for step in steps:
        units.setdefault(step.old, {})[step.new] = step.name
    communes = {area.code: area for area in areas.of_level(Level.COMMUNE)}
    return [
        Split(
            communes[old], news, sorted(areas.children.get(communes[old].id, ()), key=lambda one: natural_key(one.name))
        )
        for old, news in units.items()
        if len(news) > 1 and old in communes
    ]


def _table(row: MapDraft) -> list[tuple[int, list[str]]]:
    return [(line, list(cells)) for line, cells in row.rows]
