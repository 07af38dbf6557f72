"""The month's report: drafted at the desk, written as Word and Excel, closed with its figures kept for ever."""
