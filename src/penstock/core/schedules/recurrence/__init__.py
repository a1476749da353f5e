"""Recurrence rules (RFC 5545, section 3.3.10) in the times of a clock on a wall, with a bound on every search."""
