"""What commands that steer runs have in common."""
