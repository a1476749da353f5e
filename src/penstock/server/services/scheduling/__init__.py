"""What the server does by itself for deployments: runs made ahead, late ones named, backfills carried on."""
