"""What people look at, as they like to look at it."""
