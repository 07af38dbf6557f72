"""All routes of the desk over notices; the inbox has its own."""

from cdtteam.notices import sent_views, writing_views
from cdtteam.notices.desk import blueprint

__all__ = ["blueprint", "sent_views", "writing_views"]
