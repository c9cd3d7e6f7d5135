"""Words in, assessment out. No I/O at call time, no clock, no database."""
