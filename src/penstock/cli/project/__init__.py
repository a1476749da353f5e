"""A project: the file `penstock.yaml`, what it says, and deploying that."""
