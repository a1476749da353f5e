"""The server's core: operations → services → rules → ledger → SQL. It imports no floor of the SDK."""
