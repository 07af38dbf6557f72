"""Figures as JSON (contracts, "JSON")."""

from typing import Any

from cdtteam.core.clock import wire_instant
from cdtteam.participation.figures import Participation
from cdtteam.participation.tally import Figures


def participation_json(answer: Participation) -> dict[str, Any]:
    """The answer of GET /api/v1/participation."""
    return {
        "area": answer.area.code,
        "period": answer.period.name,
        "from": answer.period.from_on.isoformat(),
        "to": answer.period.to_on.isoformat(),
        "map": answer.map_name,
        "as_of": wire_instant(answer.as_of),
        **_figures(answer.figures),
        "rows": [{"code": area.code, "name": area.name, **_figures(figures)} for area, figures in answer.rows],
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "teams": {
            "in_force": figures.in_force,
            "active": figures.active,
            "reported_nothing": figures.reported_nothing,
            "silent": figures.silent,
        },
        "members": {"in_force": figures.members_in_force, "active": figures.members_active},
        "visits": figures.visits,
        "people": figures.people,
        "households": figures.households,
        "households_unnamed": figures.households_unnamed,
        "services": {code: {"visits": visits, "people": people} for code, (visits, people) in figures.services.items()},
    }
