"""Ground floor: database, clock, problems, ids, i18n and text; knows nothing of the domain."""
