"""Teams, the villages they serve, and their members, all for a time."""
