"""A city in which nobody is hurt: demand, cars and dispatchers under a simulated clock. No I/O."""
