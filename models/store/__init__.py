"""Runs the SQL; the only place that knows the database driver."""
