"""The dashboard, as the server serves it: its files, and the way in for a browser."""
