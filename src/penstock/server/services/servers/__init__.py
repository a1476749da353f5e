"""What servers are."""
