"""The database under the server: its tables, how it is opened, and what differs between the kinds of it."""
