"""Tasks whose functions run in child processes, while the engine stays in the parent."""
