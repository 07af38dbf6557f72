"""What a commune or the province has to do, read from all rooms; the page that shows it is participation's."""
