"""The deletion of flow runs: gone at once, with what they called; what was recorded of them follows in small transactions."""
