"""All routes of the room."""

from cdtteam.monthly import file_views, template_views, views
from cdtteam.monthly.doors import blueprint

__all__ = ["blueprint", "file_views", "template_views", "views"]
