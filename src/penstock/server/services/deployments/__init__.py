"""Deployments: kept in versions, changed, run."""
