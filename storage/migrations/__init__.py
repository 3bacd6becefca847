"""How the schema came about: one set of steps for SQLite and Postgres."""
