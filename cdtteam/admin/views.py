"""The blueprint with all its pages."""

from cdtteam.admin import household_views, invitation_views, member_views, people_views, team_views
from cdtteam.admin.desk import blueprint

__all__ = ["blueprint", "household_views", "invitation_views", "member_views", "people_views", "team_views"]
