"""What travels between a user's process, the server and its database: the operations and their models."""
