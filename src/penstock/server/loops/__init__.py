"""What the server does by itself, every so often: a file each loop. The contract is `penstock.server.loop`."""
