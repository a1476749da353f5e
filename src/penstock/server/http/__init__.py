"""The server over HTTP: routes, documents and bounds, all made from the one table of operations."""
