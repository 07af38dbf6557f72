"""One digest a day for whoever has something due, at the hour that they chose; who has nothing is left in peace."""
