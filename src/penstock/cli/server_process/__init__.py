"""A server as a process of this machine: started, found again, and stopped."""
