"""Who waits on this server for something to do."""
