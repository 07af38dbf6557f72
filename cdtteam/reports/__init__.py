"""A team's word that there was nothing to report: silence and zero are different things."""
