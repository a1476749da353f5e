"""Events: told by who changes something, derived from what is kept anyway, and found."""
