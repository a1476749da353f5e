"""What runs log and print."""
