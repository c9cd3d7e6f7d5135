"""HTTP, live feed, background tasks, command line: everything that touches the outside world."""
