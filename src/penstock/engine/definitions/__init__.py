"""Flows and tasks as definitions: a function, a name and options that make sense."""
