"""The steps. Each is kept as it was when it was released: data out there has been through it."""
