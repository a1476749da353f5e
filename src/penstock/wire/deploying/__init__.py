"""What travels about deployments, what they are to run on, and who runs them."""
