"""Who of a team worked on a day: evidence for allowances, and no visit."""
