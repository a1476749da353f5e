"""What can be followed: read from the database once for all who follow it, from their cursors on."""
