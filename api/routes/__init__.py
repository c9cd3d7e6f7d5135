"""HTTP routes, one file a noun; each only asks, calls a use case and answers."""
