"""Tasks: what one team is asked to do in one of its villages; a visit knows of tasks, not the other way round."""
