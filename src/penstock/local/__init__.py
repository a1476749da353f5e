"""The server inside the user's process: recorded runs without a server to start."""
