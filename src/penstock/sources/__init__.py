"""Sources: where a deployment's code comes from, and how it comes onto this machine."""
