"""The database, the imports and the people: rows in, frames out, scope inside every query."""
