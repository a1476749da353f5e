"""What the commands about deployments, work pools and work queues share."""
