"""People and households from spreadsheets: read, guessed at, shown with problems, taken in whole, undone."""
