"""Pauses of flow runs, and what runs are told while they go on."""
