"""Values of the client that programs written for Prefect import by these paths."""
