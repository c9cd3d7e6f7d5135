"""Nouns, events, errors and SQL: what the rest of the service talks about."""
