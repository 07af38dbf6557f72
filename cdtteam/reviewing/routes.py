"""The blueprint with all its pages."""

from cdtteam.reviewing import look_views, visit_views
from cdtteam.reviewing.desk import blueprint

__all__ = ["blueprint", "look_views", "visit_views"]
