"""All routes of the room."""

from cdtteam.assigning import campaign_views, giving_views, task_views
from cdtteam.assigning.desk import blueprint

__all__ = ["blueprint", "campaign_views", "giving_views", "task_views"]
