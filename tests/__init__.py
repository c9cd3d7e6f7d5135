"""What Tandem promises, checked."""
