"""The demonstration: a real province's communes with villages, teams, people and visits that do not exist."""
