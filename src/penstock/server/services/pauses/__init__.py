"""Pauses of flow runs: what they wait for, who resumed them, and what runs are told meanwhile."""
