"""How a process asks a server: over which transport, and by which client."""
