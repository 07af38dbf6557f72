"""Giving out work and seeing how it goes: the desk over campaigns and tasks, and what counts for a task."""
