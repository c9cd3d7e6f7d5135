"""A fictional city to show the service with: its people, its calls and their rhythm."""
