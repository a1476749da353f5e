"""From the schema of one version to that of another, one file in `versions` for each step."""
