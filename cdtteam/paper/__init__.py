"""What a commune keeps on paper: the month's attendance sheet, blank forms, and entries that it makes for its teams."""
