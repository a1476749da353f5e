"""The loops of the servers: who runs them, and what they do."""
