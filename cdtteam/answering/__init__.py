"""The desk over requests: what teams ask, the oldest first, and what officers do about it."""
