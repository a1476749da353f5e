"""What travels about the servers themselves."""
