"""All routes of the room."""

from cdtteam.paper import amend_views, blank_views, entry_views, sheet_views
from cdtteam.paper.desk import blueprint

__all__ = ["amend_views", "blank_views", "blueprint", "entry_views", "sheet_views"]
