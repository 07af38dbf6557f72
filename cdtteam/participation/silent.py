"""Who is silent and why, and what a coordinator asks them."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from cdtteam.areas.ground import told_of
from cdtteam.areas.models import Level
from cdtteam.areas.queries import AreaOnMap
from cdtteam.core.text import natural_key
from cdtteam.participation import words
from cdtteam.participation.choices import Links, current_names
from cdtteam.participation.figures import Participation
from cdtteam.participation.parts import Bar, Row
from cdtteam.participation.standing import CAUSES, Standing, TeamStanding
from cdtteam.participation.tally import Figures

MOST_SILENT = 12  # areas or teams named before "all of them"


@dataclass(frozen=True, slots=True)
class SilentTeam:
    """A team to be asked about."""

    name: str
    village: str
    url: str
    standing: Standing


def causes_of(figures: Figures) -> list[Bar]:
    silent = figures.silent or 1
    bars = ((cause, figures.causes.get(cause, 0)) for cause in CAUSES)
    return [
        Bar(words.standing_words(cause), teams, 100 * teams / silent, words.standing_hint(cause))
        for cause, teams in bars
    ]


def silent_areas(links: Links, answer: Participation) -> list[Row]:
    communes = answer.tally.areas.below(answer.area.id, Level.COMMUNE)
    rows = [Row(area.id.hex, area.name, links.to(area.code, by=None), answer.tally.of(area)) for area in communes]
    rows.sort(key=lambda row: (-row.figures.silent, natural_key(row.name)))
    return [row for row in rows[:MOST_SILENT] if row.figures.silent]


def silent_teams(links: Links, answer: Participation) -> list[SilentTeam]:
    found = [
        _silent_team(team, village, links)
        for village in answer.tally.areas.below(answer.area.id, Level.VILLAGE)
        for team in answer.tally.teams.get(village.id.hex, ())
        if team.standing in CAUSES
    ]
    return sorted(found, key=lambda team: (CAUSES.index(team.standing), natural_key(team.village)))


def _silent_team(team: TeamStanding, village: AreaOnMap, links: Links) -> SilentTeam:
    return SilentTeam(told_of(team.name, village), village.name, links.to(village.code, by=None), team.standing)


def silent_text(links: Links, answer: Participation, today: date, report_day: int) -> str:
    """What a coordinator sends to the teams' group: who has not reported yet; empty when everybody has."""
    teams = sorted(silent_teams(links, answer), key=lambda team: natural_key(team.village))
    if not teams:
        return ""
    names = ", ".join(team.name for team in teams)
    is_report = links.given.get("calendar") == "report"
    if answer.period.name == current_names(today, report_day if is_report else 1)["month"]:
        return str(gettext("Teams that have not reported this month: %(teams)s.", teams=names))
    period = words.period_name(answer.period, is_report=is_report)
    return str(gettext("Teams that have not reported (%(period)s): %(teams)s.", period=period, teams=names))
