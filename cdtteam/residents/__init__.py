"""What residents see of the team of their village, and the cards that lead there."""
