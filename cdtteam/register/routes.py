"""The blueprint with all its pages."""

from cdtteam.register import (
    correct_views,
    doubles_views,
    find_views,
    home_views,
    leave_views,
    merge_views,
    move_views,
)
from cdtteam.register.desk import blueprint

__all__ = [
    "blueprint",
    "correct_views",
    "doubles_views",
    "find_views",
    "home_views",
    "leave_views",
    "merge_views",
    "move_views",
]
