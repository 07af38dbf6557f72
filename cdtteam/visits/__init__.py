"""Visits: support that was given."""
