"""Campaigns: dated drives that a commune or the province issues; what each team is to do in one is a task."""
