"""Assessments and units in, recommendations out. No I/O, no clock, no database."""
