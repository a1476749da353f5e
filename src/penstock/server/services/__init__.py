"""What the server does: one file a resource, plain functions from a request and a context to a response."""
