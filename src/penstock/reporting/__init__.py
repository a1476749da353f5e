"""How what happens in a user's process leaves it: the journal, the log lines and the signs of life."""
