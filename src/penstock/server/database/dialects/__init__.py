"""The kinds of database Penstock keeps its record in."""
