"""The commands about deployments, and about where their runs are carried out."""
