"""Checks an installation: facts are gathered first, then each check judges them without I/O."""
