"""What the tests stand on: a PostgreSQL server, browsers, a connection that breaks on demand, axe."""
