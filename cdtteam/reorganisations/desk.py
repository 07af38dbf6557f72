"""What the pages of reorganisations show."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flask import current_app
from sqlalchemy.orm import Session

from cdtteam.access.models import Actor
from cdtteam.areas.applying import obstacles
from cdtteam.areas.checks import AppliedAlready
from cdtteam.areas.merging import NewVillage
from cdtteam.areas.models import Reorganisation
from cdtteam.areas.queries import area_map
from cdtteam.areas.reorganising import Undecided
from cdtteam.core.reasons import Fault, Reason, Refusal
from cdtteam.reorganisations.changes import Change, changes_of
from cdtteam.reorganisations.drafts import Split, draft_of, splits_of, village_draft_of
from cdtteam.reorganisations.leaving import Leaving, offices_leaving
from cdtteam.reorganisations.models import Kind, MapDraft
from cdtteam.reorganisations.preview import Preview, VillagePreview, preview_merger, preview_reorganisation
from cdtteam.teams.unmerging import claims, merged_teams


@dataclass
class DraftPage:
    """A change that is looked over: what is wrong with it, what is still to be decided, or what it would change."""

    row: MapDraft
    preview: Preview | None = None
    villages: VillagePreview | None = None
    faults: list[Fault] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    leaving: list[Leaving] = field(default_factory=list)
    open: int = 0
    applied: AppliedAlready | None = None

    @property
    def either(self) -> Preview | VillagePreview | None:
        """What it would change, of communes or of villages."""
        return self.preview or self.villages

    @property
    def mergers(self) -> list[NewVillage]:
        """The villages that take others in, of whose teams it is asked what becomes."""
        return [unit for unit in self.villages.plan.units.values() if len(unit.olds) > 1] if self.villages else []

    @property
    def step(self) -> int:
        """1 while the file has to be mended, 2 while villages wait for a decision, 3 when it can be applied."""
        return 1 if self.faults or self.applied else 2 if self.open else 3

    def open_in(self, split: Split) -> int:
        """How many villages of a commune wait for a decision."""
        return sum(self.row.choices.get(village.code) not in split.units for village in split.villages)


@dataclass
class RecordPage:
    """A reorganisation that was applied."""

    record: Reorganisation
    day_before: date
    changes: list[Change]
    in_the_way: list[Reason]
    merged_teams: Sequence[str] = ()


def make_draft_page(actor: Actor, session: Session, row: MapDraft, now: datetime) -> DraftPage:
    """The page of a draft, on the map as it is."""
    page, on = DraftPage(row), row.effective_on
    try:
        if row.kind == Kind.VILLAGES:
            page.villages = preview_merger(actor, session, village_draft_of(row), on=on, now=now)
        else:
            draft = draft_of(session, row)
            page.splits = splits_of(draft.steps, area_map(session, on))
            page.preview = preview_reorganisation(actor, session, draft, on=on, now=now)
            report_day = int(current_app.config["CDT_REPORT_DAY"])
            page.leaving = offices_leaving(actor, session, page.preview.plan, report_day, now)
    except AppliedAlready as applied:
        page.applied, page.splits = applied, []
    except Undecided as undecided:
        page.open = len(undecided.villages)
    except Refusal as refusal:
        page.faults, page.splits = sorted(refusal.faults, key=lambda fault: fault.line), []
    return page


def make_record_page(session: Session, record: Reorganisation, now: datetime) -> RecordPage:
    """The page of what was applied; what has been undone has no changes to show any more."""
    day_before = record.effective_on - timedelta(days=1)
    if record.undone_at:
        return RecordPage(record, day_before, [], [])
    merged = merged_teams(session, record)
    in_the_way = [*obstacles(session, record), *claims(session, record, now)]
    return RecordPage(record, day_before, changes_of(session, record), in_the_way, merged)
