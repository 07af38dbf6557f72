"""Backups that were verified, and restores that are whole or did not happen."""
