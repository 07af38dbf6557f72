"""The desk's side of notifications: the officer's own inbox, and warnings and messages written to teams."""
