"""Filters as conditions of SQL: which rows one means, bounded, and in which order they are found without sorting."""
