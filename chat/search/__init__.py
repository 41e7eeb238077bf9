"""Finding what was said.

`store` keeps the words of messages in the database (tsvector and GIN on PostgreSQL, FTS5 on SQLite), `indexing` brings
it up to date after the fact, `finding` looks things up: candidates from the index and the newest messages that it does
not have yet, through `visible_to`, then the text itself is read. Sending takes no part in any of it.
"""
